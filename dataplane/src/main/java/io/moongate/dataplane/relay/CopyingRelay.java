package io.moongate.dataplane.relay;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.record.Defects;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.transport.Closing;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads from one end, writes to the other, in both directions. Both channels belong to one event loop, and all
 * methods but {@link #close} run on it: no locks, no hand-over.
 *
 * <p>Back-pressure: a side is read only while the other takes what is written. Half-close: the end of one direction is
 * passed on after the last byte and leaves the other direction as it is. A reset is passed on as a reset, so that
 * no peer takes a cut stream for a complete one.
 */
public final class CopyingRelay implements Relay {
    private static final long LAST_BYTES_MILLIS = 5000;

    private final Defects defects;
    private final End client;
    private final End upstream;
    private final RelaySide fromClient;
    private final RelaySide fromUpstream;
    private volatile long lastActivity = System.nanoTime();
    private @Nullable Consumer<Flag> ended;
    private boolean closing;

    /** @param account of what waits in this tunnel */
    public CopyingRelay(
            End client,
            End upstream,
            Backlog.Account account,
            GatewayMetrics.PerListener metrics,
            TunnelRecord record,
            Defects defects) {
        this.defects = defects;
        this.client = client;
        this.upstream = upstream;
        this.fromClient = new RelaySide(this, client, upstream, account, Flag.CLIENT_RESET, bytes -> {
            record.addIn(bytes);
            metrics.bytesIn().inc(bytes);
        });
        this.fromUpstream = new RelaySide(this, upstream, client, account, Flag.UPSTREAM_RESET, bytes -> {
            record.addOut(bytes);
            metrics.bytesOut().inc(bytes);
        });
    }

    @Override
    public void onEnd(Consumer<Flag> told) {
        ended = told;
    }

    @Override
    public void start(ByteBuf early, boolean clientDone) {
        if (closing) {
            early.release();
            return;
        }
        boolean forwarded = false;
        try {
            client.channel().pipeline().addLast("relay", fromClient);
            upstream.channel().pipeline().addLast("relay", fromUpstream);
            forwarded = early.isReadable();
            if (forwarded) {
                fromClient.forward(early);
                fromClient.flush();
            }
        } finally {
            if (!forwarded) {
                early.release();
            }
        }
        if (!client.channel().isActive()) {
            reset(Flag.CLIENT_RESET);
            return;
        }
        if (!upstream.channel().isActive()) {
            // Gone between the connect and here: its handler came too late to be told.
            reset(Flag.UPSTREAM_RESET);
            return;
        }
        if (clientDone) {
            fromClient.finish();
        }
        fromClient.resume(client.channel());
        fromUpstream.resume(upstream.channel());
    }

    @Override
    public void close(Flag why) {
        var loop = client.channel().eventLoop();
        if (loop.inEventLoop()) {
            end(why, false);
        } else {
            loop.execute(() -> guard(() -> end(why, false)));
        }
    }

    @Override
    public List<Channel> sockets() {
        return List.of(client.socket(), upstream.socket());
    }

    @Override
    public long lastActivityNanos() {
        return lastActivity;
    }

    void active() {
        lastActivity = System.nanoTime();
    }

    boolean closing() {
        return closing;
    }

    /** A direction has come to its end; with both there, the tunnel is complete. */
    void sideFinished() {
        if (fromClient.finished() && fromUpstream.finished()) {
            end(Flag.COMPLETED, false);
        }
    }

    void reset(Flag why) {
        end(why, true);
    }

    /** Something threw: this tunnel ends, and no other. On its event loop. */
    public void failed() {
        reset(Flag.INTERNAL_ERROR);
    }

    /** The memory for what waits here is needed elsewhere: a reset at once, also of a tunnel that is ending in order. */
    public void giveUp() {
        if (closing) {
            defects.guard(client::abort);
            defects.guard(upstream::abort);
        } else {
            reset(Flag.UNREAD);
        }
    }

    /** Runs what Netty would only log the failure of. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable defect) {
            failed(defect);
        }
    }

    void failed(Throwable defect) {
        defects.report(defect);
        failed();
    }

    private void end(Flag why, boolean reset) {
        if (closing) {
            return;
        }
        closing = true;
        defects.guard(() -> end(client, reset));
        defects.guard(() -> end(upstream, reset));
        if (ended != null) {
            ended.accept(why);
        }
    }

    private static void end(End end, boolean reset) {
        if (reset) {
            end.abort();
        } else {
            closeAfterLastByte(end);
        }
    }

    /** The last byte, then the end of the stream, then the end of all: closing at once could reset what is on its way. */
    private static void closeAfterLastByte(End end) {
        Channel channel = end.channel();
        channel.config().setAutoRead(true);
        // A peer that neither reads nor closes must not keep a tunnel for ever that is over.
        Closing.within(channel, LAST_BYTES_MILLIS);
        end.finish().addListener(done -> {
            if (!done.isSuccess() || end.inputDone()) {
                channel.close();
            }
        });
    }
}
