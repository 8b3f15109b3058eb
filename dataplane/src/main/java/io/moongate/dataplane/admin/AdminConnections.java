package io.moongate.dataplane.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of an admin endpoint, oldest first. When there are too many, one makes room, so that a probe gets in:
 * the oldest that has not asked anything yet, else the oldest that has not read its answer. Of the endpoint's one event
 * loop alone.
 */
final class AdminConnections {
    private final int most;
    private final Set<Channel> silent = new LinkedHashSet<>();
    private final Set<Channel> asked = new LinkedHashSet<>();

    AdminConnections(int most) {
        this.most = most;
    }

    void enter(Channel connection) {
        if (silent.size() + asked.size() >= most) {
            closeOldest(silent.isEmpty() ? asked : silent);
        }
        silent.add(connection);
        connection.closeFuture().addListener(closed -> {
            silent.remove(connection);
            asked.remove(connection);
        });
    }

    private static void closeOldest(Set<Channel> connections) {
        Iterator<Channel> oldest = connections.iterator();
        Channel leaves = oldest.next();
        oldest.remove();
        leaves.close();
    }

    /** It has sent a whole request. */
    void asked(Channel connection) {
        if (silent.remove(connection)) {
            asked.add(connection);
        }
    }
}
