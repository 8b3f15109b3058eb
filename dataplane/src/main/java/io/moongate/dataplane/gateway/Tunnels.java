package io.moongate.dataplane.gateway;

import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.HostPort;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The tunnels that are up or being set up, counted by everything that is limited. Safe for use by all event loops. */
final class Tunnels {
    private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
    private final Map<HostPort, Integer> byEndpoint = new ConcurrentHashMap<>();
    // Guarded by this: a limit is checked and taken in one step.
    private final Map<ShootKey, Integer> byShoot = new HashMap<>();
    private final Map<InetAddress, Integer> bySource = new HashMap<>();
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
    synchronized Optional<Slot> reserve(ShootKey shoot, InetAddress source, Limits limits, int maxTunnels) {
        boolean full = reserved >= maxTunnels
                || isReached(byShoot.getOrDefault(shoot, 0), limits.maxTunnelsPerShoot())
                || isReached(bySource.getOrDefault(source, 0), limits.maxTunnelsPerSource());
        if (full) {
            return Optional.empty();
        }
        reserved++;
        byShoot.merge(shoot, 1, Integer::sum);
        bySource.merge(source, 1, Integer::sum);
        return Optional.of(new Slot(shoot, source));
    }

    private static boolean isReached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private synchronized void give(Slot slot) {
        reserved--;
        byShoot.computeIfPresent(slot.shoot, (k, n) -> n > 1 ? n - 1 : null);
        bySource.computeIfPresent(slot.source, (k, n) -> n > 1 ? n - 1 : null);
    }

    /** Tunnels that are up or being set up. */
    synchronized int count() {
        return reserved;
    }

    void opened(Tunnel tunnel) {
        open.add(tunnel);
        byEndpoint.merge(tunnel.endpoint(), 1, Integer::sum);
    }

    void closed(Tunnel tunnel) {
        if (open.remove(tunnel)) {
            byEndpoint.computeIfPresent(tunnel.endpoint(), (k, n) -> n > 1 ? n - 1 : null);
        }
    }

    int on(HostPort endpoint) {
        return byEndpoint.getOrDefault(endpoint, 0);
    }

    List<Tunnel> open() {
        return List.copyOf(open);
    }
}
