package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.Recorder;
import io.moongate.model.destination.Entrance;
import java.util.Set;

/** What all connections of a gateway share. {@link #rules} is read anew for each decision. */
final class Core {
    final Tunnels tunnels = new Tunnels();
    final Waiting waiting = new Waiting();
    final Recorder recorder;
    final Dialer dialer;
    private volatile Rules rules;
    final Steps steps;
    final Multiplexed multiplexed = new Multiplexed();
    private volatile boolean draining;
    private volatile Set<Entrance> closed = Set.of();

    Core(Recorder recorder, Names names, Rules rules, Steps steps) {
        this.recorder = recorder;
        this.dialer = new Dialer(names, new EndpointOrder(tunnels::on));
        this.rules = rules;
        this.steps = steps;
    }

    Rules rules() {
        return rules;
    }

    void apply(Rules next) {
        rules = next;
    }

    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /** Entrances without a listener any more. */
    Set<Entrance> closed() {
        return closed;
    }

    void close(Set<Entrance> entrances) {
        closed = Set.copyOf(entrances);
    }

    /** Every tunnel needs two descriptors, a connection without one needs one. */
    void makeRoom() {
        if (waiting.size() + 2L * tunnels.count() > 2L * rules.maxTunnels()) {
            waiting.take().ifPresent(Waiting.Connection::evict);
        }
    }

    /** Whether this entrance takes no new tunnels. */
    boolean closing(Entrance entrance) {
        return draining || closed.contains(entrance);
    }
}
