package io.moongate.dataplane.relay;

import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads from one end, writes to the other, in both directions. Both channels belong to one event loop, and all
 * methods but {@link #close} run on it: no locks, no hand-over.
 *
 * <p>Back-pressure: a side is read only while the other takes what is written. Half-close: the end of one direction is
 * passed on after the last byte and leaves the other direction as it is. A reset is passed on as a reset, so that
 * nobody takes a cut stream for a complete one.
 */
public final class CopyingRelay implements Relay {
    private static final long LAST_BYTES_MILLIS = 5000;

    private final End client;
    private final End upstream;
    private final RelaySide fromClient;
    private final RelaySide fromUpstream;
    private volatile long lastActivity = System.nanoTime();
    private @Nullable Consumer<Flag> ended;
    private boolean closing;

    public CopyingRelay(End client, End upstream, GatewayMetrics.PerListener metrics, TunnelRecord record) {
        this.client = client;
        this.upstream = upstream;
        this.fromClient = new RelaySide(this, upstream, Flag.CLIENT_RESET, bytes -> {
            record.addIn(bytes);
            metrics.bytesIn().inc(bytes);
        });
        this.fromUpstream = new RelaySide(this, client, Flag.UPSTREAM_RESET, bytes -> {
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
        client.channel().pipeline().addLast("relay", fromClient);
        upstream.channel().pipeline().addLast("relay", fromUpstream);
        if (early.isReadable()) {
            fromClient.forward(early);
            upstream.channel().flush();
        } else {
            early.release();
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
            loop.execute(() -> end(why, false));
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

    private void end(Flag why, boolean reset) {
        if (closing) {
            return;
        }
        closing = true;
        if (reset) {
            client.abort();
            upstream.abort();
        } else {
            closeAfterLastByte(client);
            closeAfterLastByte(upstream);
        }
        if (ended != null) {
            ended.accept(why);
        }
    }

    /** The last byte, then the end of the stream, then the end of all: closing at once could reset what is on its way. */
    private static void closeAfterLastByte(End end) {
        Channel channel = end.channel();
        channel.config().setAutoRead(true);
        // A peer that neither reads nor closes must not keep a tunnel for ever that is over.
        channel.eventLoop().schedule(() -> channel.close(), LAST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
        end.finish().addListener(done -> {
            if (!done.isSuccess() || end.inputDone()) {
                channel.close();
            }
        });
    }
}
