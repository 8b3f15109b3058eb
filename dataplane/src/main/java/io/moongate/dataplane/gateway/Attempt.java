package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.record.Defects;
import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.relay.CopyingRelay;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request for a tunnel, from accept to relay: owns what it holds (bytes received, slot, connection to the
 * destination, tunnel) and has one outcome, whatever throws. Its end releases all of that and records it, once.
 * Used on the connection's event loop.
 */
final class Attempt {
    private final Core core;
    private final TunnelRecord record;
    private Requester requester;
    private ChannelHandlerContext context;
    private Runnable whenEnded = () -> {};
    private Runnable whenHolding = () -> {};
    private @Nullable ByteBuf received;
    private Backlog.@Nullable Account account;
    /** What the account knows of. */
    private long counted;

    private Tunnels.@Nullable Slot slot;
    private Dialer.@Nullable Dial dial;
    private @Nullable Tunnel tunnel;
    private @Nullable CopyingRelay relay;
    private boolean over;

    /** @param context of the handler in charge */
    Attempt(Core core, TunnelRecord record, Requester requester, ChannelHandlerContext context) {
        this.core = core;
        this.record = record;
        this.requester = requester;
        this.context = context;
    }

    TunnelRecord record() {
        return record;
    }

    Requester requester() {
        return requester;
    }

    ChannelHandlerContext context() {
        return context;
    }

    boolean over() {
        return over;
    }

    void requester(Requester known) {
        requester = known;
    }

    /** Another handler is in charge now. */
    void context(ChannelHandlerContext next) {
        context = next;
    }

    /** Called when the attempt ends without a tunnel. */
    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    /** Runs what Netty would only log the failure of: timers, listeners, tasks. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable defect) {
            failed(defect);
        }
    }

    /** A defect: the client gets its 503, or a reset where that is not possible any more. */
    void failed(Throwable defect) {
        core.recorder.defects().report(defect);
        try {
            if (relay != null) {
                over = true;
                release();
                relay.failed();
            } else if (over) {
                core.recorder.finish(record, Flag.INTERNAL_ERROR);
                context.channel().close();
            } else {
                record.notAnswered();
                answer(Flag.INTERNAL_ERROR);
            }
        } catch (Throwable again) {
            core.recorder.defects().report(again);
            context.channel().close();
        }
    }

    /** Keeps what the client sends before its 200. */
    void receive(ByteBuf more) {
        ByteBuf kept = received;
        if (!over && kept == null) {
            received = more;
            count();
            return;
        }
        try {
            if (!over && kept != null) {
                kept.discardReadBytes();
                kept.writeBytes(more);
                count();
            }
        } finally {
            more.release();
        }
    }

    /** The head is read: what is left of its buffer waits for the 200, in no more memory than it needs. */
    void waitsIn(Backlog.Account opened) {
        account = opened;
        ByteBuf all = received;
        if (all == null) {
            return;
        }
        received =
                all.isReadable() ? context.alloc().buffer(all.readableBytes()).writeBytes(all) : Unpooled.buffer(0);
        all.release();
        count();
    }

    private void count() {
        if (account != null) {
            long now = received != null && received.isReadable() ? Backlog.weight(received) : 0;
            account.add(now - counted);
            counted = now;
        }
    }

    ByteBuf received() {
        return received == null ? Unpooled.EMPTY_BUFFER : received;
    }

    void holds(Tunnels.Slot taken) {
        slot = taken;
        whenHolding.run();
    }

    /** Called when the attempt takes a place among the tunnels. */
    void whenHolding(Runnable action) {
        whenHolding = action;
    }

    Tunnels.Slot slot() {
        if (slot == null) {
            throw new IllegalStateException("no slot has been reserved yet");
        }
        return slot;
    }

    void holds(Dialer.Dial begun) {
        dial = begun;
    }

    void holds(Tunnel opened) {
        tunnel = opened;
    }

    /** From the 200 on a failure resets both sides: the client may have read it. */
    void answeredBy(CopyingRelay owner) {
        relay = owner;
    }

    /** The relay owns all from here on; the result is what was received. */
    ByteBuf handOver() {
        over = true;
        ByteBuf rest = received();
        received = null;
        count();
        return rest;
    }

    void answer(Flag flag) {
        answer(flag, Optional.empty());
    }

    void answer(Flag flag, Optional<String> location) {
        if (!over) {
            end();
            finish(flag);
            requester.refuse(context, flag, location);
        }
    }

    /** Ends without an answer. */
    void drop(Flag flag) {
        if (!over) {
            end();
            finish(flag);
            requester.close();
        }
    }

    /** Ends without an answer and without a record: nothing was asked. */
    void dropUnrecorded() {
        if (!over) {
            end();
            requester.close();
        }
    }

    private void finish(Flag flag) {
        if (tunnel != null) {
            tunnel.ended(flag);
        } else {
            core.recorder.finish(record, flag);
        }
    }

    private void end() {
        over = true;
        // Each by itself: what cannot be given back must not keep the rest, nor the answer.
        Defects defects = core.recorder.defects();
        defects.guard(whenEnded);
        defects.guard(this::release);
        if (slot != null) {
            defects.guard(slot::release);
        }
        if (dial != null) {
            defects.guard(dial::cancel);
        }
    }

    private void release() {
        if (received != null) {
            received.release();
            received = null;
            count();
        }
    }
}
