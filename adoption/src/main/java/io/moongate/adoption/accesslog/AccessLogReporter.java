package io.moongate.adoption.accesslog;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;
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
    /** Of a tunnel that stays up every ten seconds, as Envoy is told to. */
    private static final int TURNS_BETWEEN_ALL = 20;

    private static final int ENTRIES_IN_A_MESSAGE = 2000;
    private static final int KEEPALIVE_SECONDS = 20;
    private static final int OK = 200;

    private final String node;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Tunnel> tunnels = new ConcurrentHashMap<>();
    private final Map<Entrance, LogStream> streams = new EnumMap<>(Entrance.class);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-log-report").daemon().factory());
    private volatile Optional<String> wanted = Optional.empty();
    private Optional<String> target = Optional.empty();
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
    public AccessLogReporter(String node) {
        this.node = node;
        thread.scheduleWithFixedDelay(this::turn, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param address {@code host:port} of an access log service; empty: nobody is told */
    public void tellTo(Optional<String> address) {
        wanted = address;
    }

    @Override
    public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
        var tunnel = new Tunnel(shoot, entrance, client, traffic);
        tunnels.put(ids.incrementAndGet(), tunnel);
        return tunnel;
    }

    private void turn() {
        try {
            follow();
            turn++;
            for (Entrance entrance : Entrance.values()) {
                tell(entrance, turn % TURNS_BETWEEN_ALL == 0);
            }
        } catch (RuntimeException e) {
            LOG.error("tunnels could not be told of: {}", e.toString(), e);
        }
    }

    /** To whom it tells may change while it runs. */
    private void follow() {
        Optional<String> now = wanted;
        if (now.equals(target)) {
            return;
        }
        hangUp();
        target = now;
        now.ifPresent(address -> channel = NettyChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .build());
        LOG.info("tunnels are told of to {}", now.orElse("nobody"));
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
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
            channel = null;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        hangUp();
    }
}
