package io.moongate.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.moongate.model.loop.Supervisor;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several replicas writes: the one that holds the Lease. Who loses it stays, and tries to get it back. */
final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration RELEASE = Duration.ofSeconds(5);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("leadership").daemon().factory());
    private final KubernetesClient client;
    private final LeaderElectionConfig config;
    private final Runnable changed;
    private final Supervisor.Loop loop;
    private volatile boolean leading;
    private volatile boolean closed;

    Leadership(
            KubernetesClient client,
            String namespace,
            String seed,
            String identity,
            Runnable changed,
            Supervisor.Loop loop) {
        this.loop = loop;
        this.client = client;
        this.changed = changed;
        var callbacks = new LeaderCallbacks(
                () -> become(true), () -> become(false), leader -> LOG.info("the leader is '{}'", leader));
        config = new LeaderElectionConfigBuilder()
                .withName("moongate-operator")
                .withLock(new LeaseLock(namespace, "moongate-operator-" + seed, identity))
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW)
                .withRetryPeriod(RETRY)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(callbacks)
                .build();
    }

    void start() {
        thread.execute(this::compete);
    }

    /** An elector ends when it has lost the Lease, and cannot be used again. */
    private void compete() {
        while (!closed) {
            // A turn lasts as long as this replica leads or waits to lead, so only what it throws is supervised.
            loop.guard(client.leaderElector().withConfig(config).build()::run).run();
            become(false);
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void become(boolean now) {
        if (leading != now) {
            leading = now;
            LOG.info(now ? "this replica leads" : "this replica does not lead any more");
            changed.run();
        }
    }

    boolean leading() {
        return leading;
    }

    @Override
    public void close() {
        closed = true;
        // The interrupted elector gives the Lease back: another replica need not wait for its end.
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(RELEASE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the Lease could not be given back in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
