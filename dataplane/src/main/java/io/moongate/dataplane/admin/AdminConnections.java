package io.moongate.dataplane.admin;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of an admin endpoint, oldest first. When there are too many, the oldest that has not asked anything
 * yet makes room, so that a probe gets in. Of the endpoint's one event loop alone.
 */
final class AdminConnections {
    private final int most;
    private final Set<Channel> silent = new LinkedHashSet<>();
    private int count;

    AdminConnections(int most) {
        this.most = most;
    }

    /** Whether there is a place for this connection. */
    boolean enter(Channel connection) {
        if (count >= most) {
            Iterator<Channel> oldest = silent.iterator();
            if (!oldest.hasNext()) {
                return false;
            }
            Channel leaves = oldest.next();
            oldest.remove();
            leaves.close();
        }
        count++;
        silent.add(connection);
        connection.closeFuture().addListener(closed -> {
            count--;
            silent.remove(connection);
        });
        return true;
    }

    /** It has sent a whole request. */
    void asked(Channel connection) {
        silent.remove(connection);
    }
}
