package io.moongate.dataplane.gateway;

import io.moongate.model.destination.Entrance;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The HTTP/2 connections: they outlive their tunnels, so they are told when no more tunnels are wanted. */
final class Multiplexed {
    private final Set<Http2Connection> connections = ConcurrentHashMap.newKeySet();

    void add(Http2Connection connection) {
        connections.add(connection);
    }

    void remove(Http2Connection connection) {
        connections.remove(connection);
    }

    /** Lets them end with their last tunnel. */
    void goAway(Set<Entrance> entrances) {
        connections.stream().filter(c -> entrances.contains(c.entrance())).forEach(Http2Connection::goAway);
    }
}
