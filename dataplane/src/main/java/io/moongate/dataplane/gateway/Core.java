package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.record.Recorder;
import io.moongate.model.destination.Entrance;
import io.netty.util.internal.PlatformDependent;
import java.util.Optional;
import java.util.Set;

/** What all connections of a gateway share. {@link #rules} is read anew for each decision. */
final class Core {
    /** Of the memory for buffers, this part is for request heads that are not complete. */
    static final int HEADS_PART = 8;

    private static final long HEAD_BYTES = PlatformDependent.maxDirectMemory() / HEADS_PART;

    /** Of the memory, this part is for bytes that wait in tunnels; the rest is for what is on its way, and for the input. */
    static final int BACKLOG_PART = 3;

    final Tunnels tunnels = new Tunnels();
    final Waiting waiting = new Waiting();
    final Recorder recorder;
    final Backlog backlog;
    final Dialer dialer;
    private volatile Rules rules;
    final Steps steps;
    final Multiplexed multiplexed = new Multiplexed();
    private volatile boolean draining;
    private volatile Set<Entrance> closed = Set.of();

    Core(Recorder recorder, Names names, Rules rules, Steps steps, long backlogBytes) {
        this.recorder = recorder;
        this.dialer = new Dialer(names, new EndpointOrder(tunnels::on));
        this.rules = rules;
        this.steps = steps;
        this.backlog = new Backlog(backlogBytes);
    }

    /** Buffers are outside the heap, what leads to them is in it. */
    static long backlogBytes() {
        return Math.min(
                        PlatformDependent.maxDirectMemory(),
                        Runtime.getRuntime().maxMemory())
                / BACKLOG_PART;
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
        while (isFull()) {
            // One that leaves anyway goes at once; only without such one another is refused, which then leaves.
            Optional<Waiting.Connection> leaving = waiting.takeLeaving();
            leaving.or(waiting::take).ifPresent(Waiting.Connection::evict);
            if (leaving.isEmpty()) {
                return;
            }
        }
    }

    private boolean isFull() {
        return waiting.size() + waiting.leaving() + 2L * tunnels.count() > 2L * rules.maxTunnels();
    }

    /** Heads that are never finished must leave memory for the bytes of tunnels. */
    void makeRoomForHeads() {
        while (waiting.bytes() > HEAD_BYTES) {
            waiting.takeOfMostBytes().ifPresent(Waiting.Connection::evict);
        }
    }

    /** Whether this entrance takes no new tunnels. */
    boolean closing(Entrance entrance) {
        return draining || closed.contains(entrance);
    }
}
