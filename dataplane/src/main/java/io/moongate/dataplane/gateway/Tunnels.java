package io.moongate.dataplane.gateway;

import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.HostPort;
import io.moongate.model.net.Source;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The tunnels that are up or being set up, counted by everything that is limited. Safe for use by all event loops. */
final class Tunnels {
    /** From nine tenths of all tunnels on, shares count. */
    private static final int NEARLY_FULL = 9;

    private static final long NEARLY_FULL_OF = 10;

    private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
    private final Map<HostPort, Integer> byEndpoint = new ConcurrentHashMap<>();
    // Guarded by this: a limit is checked and taken in one step.
    private final Shares<ShootKey> byShoot = new Shares<>();
    private final Shares<InetAddress> bySource = new Shares<>();
    private int reserved;

    /** A place for one tunnel, given back once. */
    final class Slot {
        private final ShootKey shoot;
        private final InetAddress source;
        private final AtomicBoolean released = new AtomicBoolean();

        private Slot(ShootKey shoot, InetAddress source) {
            this.shoot = shoot;
            this.source = source;
        }

        void release() {
            if (released.compareAndSet(false, true)) {
                give(this);
            }
        }
    }

    /** Empty if a limit is reached; 0 means no limit. */
    synchronized Optional<Slot> reserve(ShootKey shoot, InetAddress client, Rules rules) {
        Limits limits = rules.settings().limits();
        InetAddress source = Source.of(client);
        boolean full = reserved >= rules.maxTunnels()
                || isReached(byShoot.held(shoot), limits.maxTunnelsPerShoot())
                || isReached(bySource.held(source), limits.maxTunnelsPerSource())
                || isNearlyFull(rules.maxTunnels())
                        && (bySource.hasItsShare(source, rules.maxTunnels(), Integer.MAX_VALUE)
                                || byShoot.hasItsShare(shoot, rules.maxTunnels(), rules.shoots()));
        if (full) {
            return Optional.empty();
        }
        reserved++;
        byShoot.take(shoot);
        bySource.take(source);
        return Optional.of(new Slot(shoot, source));
    }

    /** Shares count from here on: before, one source may hold what it likes, as many clients behind one NAT do. */
    private boolean isNearlyFull(int maxTunnels) {
        return reserved * NEARLY_FULL_OF >= (long) maxTunnels * NEARLY_FULL;
    }

    private static boolean isReached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private synchronized void give(Slot slot) {
        reserved--;
        byShoot.give(slot.shoot);
        bySource.give(slot.source);
    }

    /** Tunnels that are up or being set up. */
    synchronized int count() {
        return reserved;
    }

    void opened(Tunnel tunnel) {
        open.add(tunnel);
        byEndpoint.merge(tunnel.endpoint(), 1, Integer::sum);
    }

    /** Whether it was open. */
    boolean closed(Tunnel tunnel) {
        boolean was = open.remove(tunnel);
        if (was) {
            byEndpoint.computeIfPresent(tunnel.endpoint(), (k, n) -> n > 1 ? n - 1 : null);
        }
        return was;
    }

    int on(HostPort endpoint) {
        return byEndpoint.getOrDefault(endpoint, 0);
    }

    List<Tunnel> open() {
        return List.copyOf(open);
    }
}
