package io.moongate.adoption.accesslog;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.moongate.model.config.AccessLogTls;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells another process of the tunnels that are seen here, as an Envoy does by its access log service. Where a client's
 * header would stand, it says which shoot it is: {@code garden-foo/bar}. What cannot be told now is told later; nothing
 * waits for it, and what is kept is bounded by the tunnels that are up.
 */
public final class AccessLogReporter implements TunnelObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogReporter.class);
    private static final int TURN_MILLIS = 500;
    private static final Duration LONGEST_TURN = Duration.ofMinutes(1);
    /** Of a tunnel that stays up every ten seconds, as Envoy is told to. */
    private static final int TURNS_BETWEEN_ALL = 20;

    /** So that a message stays far below what the service takes, however long the node's name is. */
    private static final int ENTRIES_IN_A_MESSAGE = 1000;

    private static final int KEEPALIVE_SECONDS = 20;
    private static final int OK = 200;

    private final String node;
    private final Supervisor.Loop loop;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Tunnel> tunnels = new ConcurrentHashMap<>();
    private final Map<Entrance, LogStream> streams = new EnumMap<>(Entrance.class);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-log-report").daemon().factory());
    private volatile Optional<Target> wanted = Optional.empty();
    private Optional<Target> target = Optional.empty();
    private Optional<TlsFiles> tls = Optional.empty();
    private Optional<String> complaint = Optional.empty();
    private @Nullable ManagedChannel channel;
    private int turn;

    /** One that is up, or has ended and was not told so yet. */
    private static final class Tunnel implements Seen {
        private final ShootKey shoot;
        private final Entrance entrance;
        private final InetAddress client;
        private final Traffic traffic;
        private boolean told;
        private boolean toldEnd;
        private volatile boolean ended;

        private Tunnel(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
            this.shoot = shoot;
            this.entrance = entrance;
            this.client = client;
            this.traffic = traffic;
        }

        @Override
        public void ended() {
            ended = true;
        }
    }

    /** @param node who tells; another one each time it starts, because its tunnels are others then */
    public AccessLogReporter(String node, Supervisor supervisor) {
        this.node = node;
        this.loop = supervisor.begin("access-log-report", LONGEST_TURN, WhenStuck.PROBLEM);
        thread.scheduleWithFixedDelay(loop.guard(this::turn), TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private record Target(String address, AccessLogTls tls) {}

    /** @param address {@code host:port} of an access log service; empty: nobody is told */
    public void tellTo(Optional<String> address) {
        tellTo(address, AccessLogTls.none());
    }

    /** @param files for mutual TLS; while they cannot be used, nothing is sent */
    public void tellTo(Optional<String> address, AccessLogTls files) {
        wanted = address.map(known -> new Target(known, files));
    }

    @Override
    public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
        var tunnel = new Tunnel(shoot, entrance, client, traffic);
        tunnels.put(ids.incrementAndGet(), tunnel);
        return tunnel;
    }

    private void turn() {
        follow();
        turn++;
        for (Entrance entrance : Entrance.values()) {
            tell(entrance, turn % TURNS_BETWEEN_ALL == 0);
        }
    }

    /** To whom it tells may change while it runs. */
    private void follow() {
        if (turn % TURNS_BETWEEN_ALL == 0) {
            tls.ifPresent(TlsFiles::refresh);
        }
        Optional<Target> now = wanted;
        if (now.equals(target)) {
            return;
        }
        hangUp();
        try {
            if (now.isPresent()) {
                channel = open(now.get());
            }
        } catch (IOException e) {
            Optional<String> why = Optional.of(String.valueOf(e.getMessage()));
            if (!why.equals(complaint)) {
                LOG.error("no tunnels are reported: {}", why.get());
            }
            complaint = why;
            return;
        }
        complaint = Optional.empty();
        target = now;
        LOG.info("tunnels are reported to {}", now.map(Target::address).orElse("no access log service"));
    }

    private ManagedChannel open(Target to) throws IOException {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + to.address())
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS);
        if (to.tls().enabled()) {
            var files = new TlsFiles(to.tls());
            tls = Optional.of(files);
            return builder.sslContext(files.client()).build();
        }
        return builder.usePlaintext().build();
    }

    private void tell(Entrance entrance, boolean all) {
        ManagedChannel open = channel;
        if (open == null) {
            forgetEnded(entrance);
            return;
        }
        LogStream stream = Optional.ofNullable(streams.get(entrance))
                .filter(known -> !known.isOver())
                .orElseGet(() -> new LogStream(open, node, entrance));
        streams.put(entrance, stream);
        if (!stream.isReady()) {
            forgetEnded(entrance);
            return;
        }
        boolean first = stream.isFirst();
        var entries = new ArrayList<LogMessage.Entry>();
        for (Map.Entry<Long, Tunnel> known : tunnels.entrySet()) {
            Tunnel tunnel = known.getValue();
            if (tunnel.entrance == entrance) {
                typeOf(tunnel, all || first).ifPresent(type -> entries.add(entry(known.getKey(), tunnel, type)));
            }
        }
        send(stream, entries);
        tunnels.values().removeIf(tunnel -> tunnel.toldEnd);
    }

    /** Nobody can be told, and whoever should be counts this time as not observed. */
    private void forgetEnded(Entrance entrance) {
        tunnels.values().removeIf(tunnel -> tunnel.entrance == entrance && tunnel.ended);
    }

    /** In which way it is to be told of, if at all. What has begun and ended is told of as begun, and then as ended. */
    private static Optional<LogMessage.Type> typeOf(Tunnel tunnel, boolean all) {
        if (!tunnel.told) {
            return Optional.of(LogMessage.Type.ESTABLISHED);
        }
        if (tunnel.ended) {
            return Optional.of(LogMessage.Type.END);
        }
        return all ? Optional.of(LogMessage.Type.PERIODIC) : Optional.empty();
    }

    private LogMessage.Entry entry(long id, Tunnel tunnel, LogMessage.Type type) {
        tunnel.told = true;
        tunnel.toldEnd = type == LogMessage.Type.END;
        return new LogMessage.Entry(
                node + "/" + id,
                type,
                OK,
                Optional.of(tunnel.client),
                Map.of(tunnel.entrance.header().toLowerCase(Locale.ROOT), tunnel.shoot.toString()),
                tunnel.traffic.bytesIn(),
                tunnel.traffic.bytesOut());
    }

    private static void send(LogStream stream, List<LogMessage.Entry> entries) {
        // Who has nothing to tell says so, once: only who is connected looks.
        if (entries.isEmpty() && stream.isFirst()) {
            stream.send(List.of());
        }
        for (int from = 0; from < entries.size(); from += ENTRIES_IN_A_MESSAGE) {
            stream.send(entries.subList(from, Math.min(entries.size(), from + ENTRIES_IN_A_MESSAGE)));
        }
    }

    private void hangUp() {
        streams.clear();
        tls = Optional.empty();
        target = Optional.empty();
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
            channel = null;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        loop.ended();
        hangUp();
    }
}
