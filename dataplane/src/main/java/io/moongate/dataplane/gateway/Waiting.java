package io.moongate.dataplane.gateway;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Connections that have no tunnel yet, oldest first. Strangers can open as many as they like; so when they and the
 * tunnels fill the file descriptors that there are, the oldest of them makes room for the newest.
 */
final class Waiting {
    private final Set<Reception> connections = new LinkedHashSet<>();

    synchronized void add(Reception connection) {
        connections.add(connection);
    }

    synchronized void remove(Reception connection) {
        connections.remove(connection);
    }

    synchronized int size() {
        return connections.size();
    }

    synchronized Optional<Reception> takeOldest() {
        var all = connections.iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Reception oldest = all.next();
        all.remove();
        return Optional.of(oldest);
    }
}
