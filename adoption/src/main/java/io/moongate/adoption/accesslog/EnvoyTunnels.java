package io.moongate.adoption.accesslog;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    private static final int MOST = 1_000_000;

    private static final int OK = 200;

    private final TunnelObserver observer;
    private final Function<String, Optional<ShootKey>> shoots;
    private final Map<Key, Tunnel> tunnels = new HashMap<>();

    private record Key(String node, String stream) {}

    /** @param shoots which shoot a header's value leads to */
    EnvoyTunnels(TunnelObserver observer, Function<String, Optional<ShootKey>> shoots) {
        this.observer = observer;
        this.shoots = shoots;
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
            in = Math.max(in, entry.bytesIn());
            out = Math.max(out, entry.bytesOut());
            heard = now;
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
        if (entry.type() == LogMessage.Type.OTHER
                || entry.status() != OK
                || entry.stream().isEmpty()) {
            return;
        }
        var key = new Key(node, entry.stream());
        Tunnel tunnel = tunnels.get(key);
        if (tunnel == null) {
            tunnel = begin(entrance, entry, now).orElse(null);
            if (tunnel == null) {
                return;
            }
            tunnels.put(key, tunnel);
        }
        tunnel.hear(entry, now);
        if (entry.type() == LogMessage.Type.END) {
            tunnels.remove(key);
            tunnel.seen.ended();
        }
    }

    /** Empty where it is no tunnel of a shoot that is known. */
    private Optional<Tunnel> begin(Entrance entrance, LogMessage.Entry entry, Instant now) {
        Optional<InetAddress> client = entry.client();
        Optional<ShootKey> shoot = Optional.ofNullable(
                        entry.headers().get(entrance.header().toLowerCase(Locale.ROOT)))
                .flatMap(shoots);
        if (shoot.isEmpty() || client.isEmpty() || tunnels.size() >= MOST) {
            return Optional.empty();
        }
        // In the middle of its life: what it carried before has been counted by whoever looked then.
        boolean middle = entry.type() == LogMessage.Type.PERIODIC;
        var tunnel = new Tunnel(middle ? entry.bytesIn() : 0, middle ? entry.bytesOut() : 0, now);
        tunnel.seen = middle
                ? observer.goesOn(shoot.get(), entrance, client.get(), tunnel)
                : observer.established(shoot.get(), entrance, client.get(), tunnel);
        return Optional.of(tunnel);
    }

    /** Ends those of which nothing is heard any more: their Envoy has gone, or what it told was lost. */
    synchronized void expire(Instant now) {
        Iterator<Tunnel> all = tunnels.values().iterator();
        while (all.hasNext()) {
            Tunnel tunnel = all.next();
            if (tunnel.heard.plus(LONGEST_SILENCE).isBefore(now)) {
                all.remove();
                tunnel.seen.ended();
            }
        }
    }

    /** What comes in addition is not seen: while that is so, nobody can say that he looks. */
    synchronized boolean isFull() {
        return tunnels.size() >= MOST;
    }

    synchronized int size() {
        return tunnels.size();
    }
}
