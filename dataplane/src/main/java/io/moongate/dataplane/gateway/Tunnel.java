package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.relay.Relay;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.HostPort;
import io.moongate.model.tunnel.Flag;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** One accepted CONNECT after its 200: who it belongs to, and the ways in which it can be made to end. */
final class Tunnel {
    private final Core core;
    private final Tunnels.Slot slot;
    private final TunnelRecord record;
    private final Relay relay;
    private final Rules.Decision.Accepted accepted;
    private final HostPort endpoint;
    private final Limits limits;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final long openedNanos = System.nanoTime();
    private boolean ended;

    Tunnel(
            Core core,
            Tunnels.Slot slot,
            TunnelRecord record,
            Relay relay,
            Rules.Decision.Accepted accepted,
            HostPort endpoint) {
        this.core = core;
        this.slot = slot;
        this.record = record;
        this.relay = relay;
        this.accepted = accepted;
        this.endpoint = endpoint;
        // A tunnel keeps the limits under which it was opened: a change of the input never touches it.
        this.limits = core.rules().settings().limits();
    }

    void open() {
        core.tunnels.opened(this);
        core.recorder.metrics().of(record.entrance()).active().inc();
    }

    /** Called by the relay, or by what ends it before there is one; only the first call counts. On its event loop. */
    void ended(Flag flag) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            if (core.tunnels.closed(this)) {
                core.recorder.metrics().of(record.entrance()).active().dec();
            }
        } finally {
            slot.release();
            core.recorder.finish(record, flag);
        }
    }

    /** Ends it in order: what is under way still arrives. From any thread; only the first reason counts. */
    void close(Flag why) {
        relay.close(why);
    }

    /** True for the first who wants it to leave: several changes in a row must not close it several times as fast. */
    boolean markLeaving() {
        return leaving.compareAndSet(false, true);
    }

    /** Its turn has come: it ends if there is still reason to. */
    void leave(Flag why, BooleanSupplier still) {
        leaving.set(false);
        if (still.getAsBoolean()) {
            close(why);
        }
    }

    Relay relay() {
        return relay;
    }

    HostPort endpoint() {
        return endpoint;
    }

    Entrance entrance() {
        return record.entrance();
    }

    boolean isAllowedBy(Rules rules) {
        return rules.stillAllows(
                accepted.value(), accepted.route().shoot(), record.client().getAddress());
    }

    /** Ends it if it is older or has been silent for longer than it may. */
    void closeIfExpired(long nowNanos) {
        if (isOver(limits.maxAge(), nowNanos - openedNanos)) {
            close(Flag.MAX_AGE);
        } else if (isOver(limits.idleTimeout(), nowNanos - relay.lastActivityNanos())) {
            close(Flag.IDLE_TIMEOUT);
        }
    }

    private static boolean isOver(Duration limit, long nanos) {
        return !limit.isZero() && nanos > limit.toNanos();
    }
}
