package io.moongate.dataplane.gateway;

import io.moongate.model.net.Source;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Connections that have no tunnel yet, or none any more. Clients can open as many as they like. When they and the tunnels
 * use up the file descriptors, the source with the most of them loses its oldest one. When the parts of request heads in
 * them use up the memory for that, the source with the most bytes does. Of several sources with as many, it is the one
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
    // By how many connections they have.
    private final Ranking byCount = new Ranking();
    // Of each source its connections with a part of a head, oldest first.
    private final Map<InetAddress, LinkedHashMap<Connection, Integer>> heads = new HashMap<>();
    private final Ranking byBytes = new Ranking();
    private long bytes;
    // Refused, and not closed yet: an answer takes its time to arrive.
    private final LinkedHashSet<Connection> leaving = new LinkedHashSet<>();

    /** Adds it, or moves it: a PROXY header has named another source. */
    synchronized void add(Connection connection, InetAddress client) {
        remove(connection);
        InetAddress source = Source.of(client);
        sources.put(connection, source);
        Set<Connection> all = bySource.computeIfAbsent(source, s -> new LinkedHashSet<>());
        all.add(connection);
        byCount.change(source, all.size() - 1, all.size());
    }

    /** It keeps so many bytes of an unfinished head; of a connection that does not wait it is not counted. */
    synchronized void holds(Connection connection, int size) {
        InetAddress source = sources.get(connection);
        if (source == null || size == 0) {
            return;
        }
        var own = heads.computeIfAbsent(source, s -> new LinkedHashMap<>());
        Integer before = own.put(connection, size);
        count(source, size - (before == null ? 0 : before));
    }

    private void count(InetAddress source, long more) {
        bytes += more;
        byBytes.add(source, more);
    }

    private void forget(Connection connection, InetAddress source) {
        var own = heads.get(source);
        Integer size = own == null ? null : own.remove(connection);
        if (own == null || size == null) {
            return;
        }
        count(source, -size);
        if (own.isEmpty()) {
            heads.remove(source);
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Takes the one that has to make room for other heads. */
    synchronized Optional<Connection> takeOfMostBytes() {
        Optional<Connection> oldest = byBytes.first()
                .flatMap(source -> heads.getOrDefault(source, new LinkedHashMap<>()).keySet().stream()
                        .findFirst());
        oldest.ifPresent(this::remove);
        return oldest;
    }

    /** It was refused, and is closed soon. */
    synchronized void leaves(Connection connection) {
        remove(connection);
        leaving.add(connection);
    }

    synchronized int leaving() {
        return leaving.size();
    }

    /** Takes the one that has been leaving for the longest time. */
    synchronized Optional<Connection> takeLeaving() {
        Optional<Connection> oldest = leaving.stream().findFirst();
        oldest.ifPresent(leaving::remove);
        return oldest;
    }

    synchronized void remove(Connection connection) {
        leaving.remove(connection);
        InetAddress source = sources.remove(connection);
        Set<Connection> all = source == null ? null : bySource.get(source);
        if (source == null || all == null) {
            return;
        }
        forget(connection, source);
        all.remove(connection);
        byCount.change(source, all.size() + 1, all.size());
        if (all.isEmpty()) {
            bySource.remove(source);
        }
    }

    synchronized int size() {
        return sources.size();
    }

    /** Takes the one that has to make room. */
    synchronized Optional<Connection> take() {
        Optional<Connection> oldest = byCount.first()
                .flatMap(source -> bySource.getOrDefault(source, new LinkedHashSet<>()).stream()
                        .findFirst());
        oldest.ifPresent(this::remove);
        return oldest;
    }
}
