package io.moongate.dataplane.gateway;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Connections that have no tunnel yet, oldest first. Strangers can open as many as they like; so when they and the
 * tunnels fill the file descriptors that there are, the oldest of them makes room for the newest.
 */
final class Waiting {
    /** Something that can be made to end. */
    interface Connection {
        /** From any thread. */
        void evict();
    }

    private final Set<Connection> connections = new LinkedHashSet<>();

    synchronized void add(Connection connection) {
        connections.add(connection);
    }

    synchronized void remove(Connection connection) {
        connections.remove(connection);
    }

    synchronized int size() {
        return connections.size();
    }

    synchronized Optional<Connection> takeOldest() {
        var all = connections.iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Connection oldest = all.next();
        all.remove();
        return Optional.of(oldest);
    }
}
