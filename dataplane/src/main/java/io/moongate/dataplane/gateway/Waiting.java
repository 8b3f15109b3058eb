package io.moongate.dataplane.gateway;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Connections that have no tunnel yet. Clients can open as many as they like. When they and the tunnels use up the file
 * descriptors, the source with the most of them loses its oldest one. Of several sources with as many, it is the one
 * that has had them for the longest time. All in O(log n).
 */
final class Waiting {
    /** Something that can be made to end. */
    interface Connection {
        /** From any thread. */
        void evict();
    }

    private final Map<Connection, InetAddress> sources = new HashMap<>();
    // Of each source its connections, oldest first.
    private final Map<InetAddress, LinkedHashSet<Connection>> bySource = new HashMap<>();
    // By how many connections they have: the sources, in the order in which they came to have so many.
    private final TreeMap<Integer, Set<InetAddress>> byCount = new TreeMap<>();

    /** Adds it, or moves it: a PROXY header has named another source. */
    synchronized void add(Connection connection, InetAddress client) {
        remove(connection);
        InetAddress source = Source.of(client);
        sources.put(connection, source);
        Set<Connection> all = bySource.computeIfAbsent(source, s -> new LinkedHashSet<>());
        all.add(connection);
        recount(source, all.size() - 1, all.size());
    }

    synchronized void remove(Connection connection) {
        InetAddress source = sources.remove(connection);
        Set<Connection> all = source == null ? null : bySource.get(source);
        if (source == null || all == null) {
            return;
        }
        all.remove(connection);
        recount(source, all.size() + 1, all.size());
        if (all.isEmpty()) {
            bySource.remove(source);
        }
    }

    private void recount(InetAddress source, int before, int now) {
        byCount.computeIfPresent(before, (n, of) -> of.remove(source) && of.isEmpty() ? null : of);
        if (now > 0) {
            byCount.computeIfAbsent(now, n -> new LinkedHashSet<>()).add(source);
        }
    }

    synchronized int size() {
        return sources.size();
    }

    /** Takes the one that has to make room. */
    synchronized Optional<Connection> take() {
        if (byCount.isEmpty()) {
            return Optional.empty();
        }
        InetAddress most = byCount.lastEntry().getValue().iterator().next();
        Optional<Connection> oldest =
                bySource.getOrDefault(most, new LinkedHashSet<>()).stream().findFirst();
        oldest.ifPresent(this::remove);
        return oldest;
    }
}
