package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.Recorder;
import io.moongate.dataplane.transport.Epoll;
import io.moongate.model.destination.Entrance;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.problem.Problem;
import io.moongate.model.tunnel.Flag;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane: takes a plan at the start, another one whenever there is one, and drains at the end. Applying a plan
 * touches only tunnels whose own destination, access or listener it takes away.
 */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long SWEEP_MILLIS = 500;
    private static final long BEAT_MILLIS = 1000;
    /** An event loop never waits; one that has not turned for so long does not move the bytes of its tunnels. */
    public static final Duration LONGEST_TURN = Duration.ofSeconds(30);

    private final EventLoopGroup loops;
    private final Core core;
    private final Names names;
    private final Listeners listeners;
    private final Pacer pacer;
    private final Descriptors descriptors;
    private final List<Supervisor.Loop> watched = new ArrayList<>();
    private long generation;
    /** Read by probes, which must not wait for a plan that is being put in force. */
    private volatile boolean allListenersOpen;

    /** @param nameServers the system's where not given */
    public record Options(Recorder recorder, Optional<DnsServerAddressStreamProvider> nameServers) {}

    private Gateway(GatewayPlan plan, Options options, Steps steps, long backlogBytes) {
        descriptors = Descriptors.ofThisProcess();
        loops = Epoll.loops(descriptors.loops());
        names = new Names(loops.next(), options.nameServers());
        core = new Core(options.recorder(), names, rulesOf(plan), steps, backlogBytes);
        options.recorder().metrics().backlog(core.backlog::bytes);
        listeners = new Listeners(core, loops);
        pacer = new Pacer(loops.next(), options.recorder().defects());
        loops.next().scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Why this process may open too few files to serve anything; empty where it may open enough. */
    public static Optional<String> tooFewOpenFiles() {
        return Descriptors.ofThisProcess().tooFew();
    }

    /**
     * A gateway without open listeners: the first {@link #apply} opens them. Throws {@link Epoll.NoLoops} where the
     * machine has no descriptors left.
     */
    public static Gateway start(GatewayPlan plan, Options options) {
        return start(plan, options, Steps.NONE);
    }

    static Gateway start(GatewayPlan plan, Options options, Steps steps) {
        return start(plan, options, steps, Core.backlogBytes());
    }

    /** @param backlogBytes how much may wait in all tunnels for peers that do not read */
    static Gateway start(GatewayPlan plan, Options options, Steps steps, long backlogBytes) {
        return new Gateway(plan, options, steps, backlogBytes);
    }

    /** Has each event loop tell that it turns: when one hangs, a part of all tunnels stands still. Once. */
    public synchronized void watch(Supervisor supervisor) {
        for (EventExecutor loop : loops) {
            Supervisor.Loop beat =
                    supervisor.begin("event-loop-" + watched.size(), LONGEST_TURN, Supervisor.WhenStuck.NOT_LIVE);
            watched.add(beat);
            loop.scheduleWithFixedDelay(beat::turned, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private Rules rulesOf(GatewayPlan plan) {
        return Rules.of(plan, descriptors.tunnels(plan.settings().limits().maxTunnels()));
    }

    /** Puts a plan in force; returns what of it could not be. Called by one thread at a time. */
    public synchronized List<Problem> apply(GatewayPlan plan) {
        if (core.draining()) {
            return List.of();
        }
        core.apply(rulesOf(plan));
        var withdrawn = EnumSet.noneOf(Entrance.class);
        var problems = new ArrayList<>(listeners.apply(plan.settings(), withdrawn));
        allListenersOpen = opensAllOf(plan);
        descriptors.warning(plan.settings().limits().maxTunnels()).ifPresent(problems::add);
        core.recorder.metrics().applied(++generation);
        core.close(withdrawn);
        core.multiplexed.goAway(withdrawn);
        withdraw();
        return problems;
    }

    /**
     * Tunnels that the rules would not let in again end at a pace; a tunnel that is allowed again in time stays. Checks
     * all tunnels, not what changed: a tunnel that was being set up during the change is found by the next sweep.
     */
    private void withdraw() {
        var grace = core.rules().settings().drain().grace();
        List<Tunnel> drained = leaving(t -> core.closed().contains(t.entrance()));
        List<Tunnel> refused = leaving(t -> !t.isAllowedBy(core.rules()));
        if (!drained.isEmpty()) {
            var closing = core.rules().closing();
            LOG.info("{} tunnels of closed listeners drain over {} s", drained.size(), closing.toSeconds());
            pacer.spread(
                    drained,
                    closing,
                    t -> t.leave(Flag.DRAINED, () -> core.closed().contains(t.entrance())));
        }
        if (!refused.isEmpty()) {
            LOG.info(
                    "{} tunnels have lost their destination or access and end over {} s",
                    refused.size(),
                    grace.toSeconds());
            pacer.spread(refused, grace, t -> t.leave(Flag.WITHDRAWN, () -> !t.isAllowedBy(core.rules())));
        }
    }

    private List<Tunnel> leaving(Predicate<Tunnel> which) {
        return core.tunnels.open().stream()
                .filter(t -> which.test(t) && t.markLeaving())
                .toList();
    }

    /** A periodic task that throws is cancelled without a word: one tunnel's failure must not stop it for all. */
    private void sweep() {
        guard(() -> core.steps.at(Steps.Step.SWEEP));
        long now = System.nanoTime();
        core.tunnels.open().forEach(tunnel -> guard(() -> tunnel.closeIfExpired(now)));
        if (!core.draining()) {
            guard(this::withdraw);
        }
    }

    private void guard(Runnable action) {
        core.recorder.defects().guard(action);
    }

    /** Stops accepting, then closes all tunnels evenly over the grace time; completes when all are closed. */
    public synchronized CompletableFuture<Void> drain() {
        core.drain();
        listeners.closeAll();
        core.multiplexed.goAway(EnumSet.allOf(Entrance.class));
        var open = core.tunnels.open();
        var grace = core.rules().settings().drain().grace();
        LOG.info("draining {} tunnels over {} s", open.size(), grace.toSeconds());
        return pacer.spread(open, grace, t -> t.close(Flag.DRAINED)).thenCompose(all -> whenNoneIsLeft());
    }

    /** Those that were being set up when draining began have been accepted since: they end at once. */
    private CompletableFuture<Void> whenNoneIsLeft() {
        var done = new CompletableFuture<Void>();
        loops.next().execute(new Runnable() {
            @Override
            public void run() {
                List<Tunnel> left = core.tunnels.open();
                left.forEach(t -> guard(() -> t.close(Flag.DRAINED)));
                if (left.isEmpty() && core.tunnels.count() == 0) {
                    done.complete(null);
                } else {
                    loops.next().schedule(this, 20, TimeUnit.MILLISECONDS);
                }
            }
        });
        return done;
    }

    /** Ends everything at once. */
    public void shutdown() {
        synchronized (this) {
            core.drain();
            listeners.closeAll();
            watched.forEach(Supervisor.Loop::ended);
        }
        core.tunnels.open().forEach(t -> guard(() -> t.close(Flag.DRAINED)));
        names.close();
        Epoll.shutdown(loops);
    }

    /** The addresses on which a listener really listens. */
    public synchronized List<InetSocketAddress> bound(Entrance entrance) {
        return listeners.bound(entrance);
    }

    public boolean allListenersOpen() {
        return allListenersOpen && !core.draining();
    }

    private boolean opensAllOf(GatewayPlan plan) {
        return Set.of(Entrance.values()).stream()
                .allMatch(e -> plan.settings().listeners().of(e).addresses().isEmpty()
                        || !listeners.bound(e).isEmpty());
    }

    public int maxTunnels() {
        return core.rules().maxTunnels();
    }

    public long openFiles() {
        return descriptors.openFiles();
    }

    /** Tunnels that are up or being set up. */
    public int tunnels() {
        return core.tunnels.count();
    }

    /** Tunnels that are up at this entrance. */
    public int tunnels(Entrance entrance) {
        return (int) core.tunnels.open().stream()
                .filter(tunnel -> tunnel.entrance() == entrance)
                .count();
    }

    List<Tunnel> openTunnels() {
        return core.tunnels.open();
    }

    /** Bytes that wait in tunnels for peers that do not read. */
    public long backlogBytes() {
        return core.backlog.bytes();
    }

    /** Connections without a tunnel yet. */
    int waiting() {
        return core.waiting.size();
    }
}
