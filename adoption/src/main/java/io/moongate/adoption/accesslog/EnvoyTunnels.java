package io.moongate.adoption.accesslog;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The tunnels of Envoys, by what they tell of them: at the set-up, from time to time, and at the end. One whose set-up
 * nobody heard of is known from its first record; one of which nothing is heard any more has ended. Safe for use by
 * all threads.
 */
final class EnvoyTunnels {
    /** Three of Envoy's records, one each ten seconds, and what they may be late. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(40);
    /** More than any number of Envoys on a machine can carry. */
    static final int MOST = 1_000_000;
    /** Bytes of heap for one: its key, what was heard of it, and its place in the evidence. */
    static final int HEAP_BYTES = 1 << 10;
    /** One node holds at most this part of all. */
    static final int NODE_SHARE = 4;
    /** Of the text of a stream's id; a longer one is kept as its hash: a client of Envoy may choose it. */
    private static final int LONGEST_ID = 64;
    /** A petabyte: sums of what thousands of tunnels claim must not overflow. */
    private static final long MOST_BYTES = 1L << 50;

    private static final int OK = 200;

    private final TunnelObserver observer;
    private final Function<String, Optional<ShootKey>> shoots;
    private final int most;
    private final Consumer<String> refused;
    private final Map<Key, Tunnel> tunnels = new HashMap<>();
    private final Map<String, Integer> byNode = new HashMap<>();

    private record Key(String node, String stream) {}

    /**
     * @param shoots which shoot a header's value leads to
     * @param refused when a tunnel is not kept, with the limit: {@code tunnels} where there are too many, {@code records}
     *     where a record does not say enough to follow it
     */
    EnvoyTunnels(
            TunnelObserver observer, Function<String, Optional<ShootKey>> shoots, int most, Consumer<String> refused) {
        this.observer = observer;
        this.shoots = shoots;
        this.most = most;
        this.refused = refused;
    }

    /** As many as there is room for. */
    static int most() {
        return Math.toIntExact(Math.min(MOST, Runtime.getRuntime().maxMemory() / HEAP_BYTES));
    }

    /** What is counted of a tunnel: from when we first heard of it. */
    private static final class Tunnel implements TunnelObserver.Traffic {
        private final long inBefore;
        private final long outBefore;
        private volatile long in;
        private volatile long out;
        private volatile Instant heard;
        private TunnelObserver.Seen seen = () -> {};

        private Tunnel(long inBefore, long outBefore, Instant heard) {
            this.inBefore = inBefore;
            this.outBefore = outBefore;
            this.in = inBefore;
            this.out = outBefore;
            this.heard = heard;
        }

        private void hear(LogMessage.Entry entry, Instant now) {
            in = Math.max(in, plausible(entry.bytesIn()));
            out = Math.max(out, plausible(entry.bytesOut()));
            heard = now;
        }

        /** Envoy's counters have no sign: what is negative here is above all that can be. */
        private static long plausible(long bytes) {
            return bytes < 0 ? MOST_BYTES : Math.min(bytes, MOST_BYTES);
        }

        @Override
        public long bytesIn() {
            return in - inBefore;
        }

        @Override
        public long bytesOut() {
            return out - outBefore;
        }
    }

    synchronized void take(String node, Entrance entrance, LogMessage.Entry entry, Instant now) {
        if (entry.type() == LogMessage.Type.OTHER || entry.status() != OK) {
            return;
        }
        if (entry.type() == LogMessage.Type.UNTOLD || entry.stream().isEmpty()) {
            if (shoot(entrance, entry).isPresent()) {
                refused.accept("records");
            }
            return;
        }
        var key = new Key(node, bounded(entry.stream()));
        Tunnel tunnel = tunnels.get(key);
        if (tunnel == null) {
            tunnel = begin(node, entrance, entry, now).orElse(null);
            if (tunnel == null) {
                return;
            }
            tunnels.put(key, tunnel);
            byNode.merge(node, 1, Integer::sum);
        }
        tunnel.hear(entry, now);
        if (entry.type() == LogMessage.Type.END) {
            tunnels.remove(key);
            leave(node);
            tunnel.seen.ended();
        }
    }

    private void leave(String node) {
        byNode.computeIfPresent(node, (name, n) -> n > 1 ? n - 1 : null);
    }

    private static String bounded(String id) {
        if (id.length() <= LONGEST_ID) {
            return id;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Empty where it is no tunnel of a shoot that is known. */
    private Optional<Tunnel> begin(String node, Entrance entrance, LogMessage.Entry entry, Instant now) {
        Optional<InetAddress> client = entry.client();
        Optional<ShootKey> shoot = shoot(entrance, entry);
        if (shoot.isEmpty()) {
            return Optional.empty();
        }
        if (client.isEmpty()) {
            refused.accept("records");
            return Optional.empty();
        }
        if (tunnels.size() >= most || byNode.getOrDefault(node, 0) >= Math.max(1, most / NODE_SHARE)) {
            refused.accept("tunnels");
            return Optional.empty();
        }
        // In the middle of its life: what it carried before has been counted by whoever looked then.
        boolean middle = entry.type() == LogMessage.Type.PERIODIC;
        var tunnel = new Tunnel(
                middle ? Tunnel.plausible(entry.bytesIn()) : 0, middle ? Tunnel.plausible(entry.bytesOut()) : 0, now);
        tunnel.seen = middle
                ? observer.goesOn(shoot.get(), entrance, client.get(), tunnel)
                : observer.established(shoot.get(), entrance, client.get(), tunnel);
        return Optional.of(tunnel);
    }

    private Optional<ShootKey> shoot(Entrance entrance, LogMessage.Entry entry) {
        return Optional.ofNullable(entry.headers().get(entrance.header().toLowerCase(Locale.ROOT)))
                .flatMap(shoots);
    }

    /** Ends those of which nothing is heard any more: their Envoy has gone, or what it told was lost. */
    synchronized void expire(Instant now) {
        Iterator<Map.Entry<Key, Tunnel>> all = tunnels.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Key, Tunnel> known = all.next();
            Tunnel tunnel = known.getValue();
            if (tunnel.heard.plus(LONGEST_SILENCE).isBefore(now)) {
                all.remove();
                leave(known.getKey().node());
                tunnel.seen.ended();
            }
        }
    }

    synchronized int size() {
        return tunnels.size();
    }
}
