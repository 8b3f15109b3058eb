package io.moongate.adoption.accesslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.LongSupplier;

/**
 * Counts the HTTP/2 frames of one connection, of whatever kind, before gRPC reads them: SETTINGS and PING without an end
 * would be answered at a core's full speed. An Envoy sends some frames a second. Only without TLS: behind it are clients
 * that have shown a certificate, and bytes that say nothing here. Used on the connection's event loop.
 */
final class FrameBudget extends ChannelInboundHandlerAdapter {
    /** Ten seconds of it may come at once. */
    static final int FRAMES_PER_SECOND = 2_000;

    private static final int PREFACE = 24;
    private static final int HEAD = 9;
    private static final int LENGTH_BYTES = 3;

    private final RecordBudget frames;
    private final Runnable refused;
    private final byte[] length = new byte[LENGTH_BYTES];
    private int headBytes;
    private long skip = PREFACE;

    /** @param refused called when the budget is spent */
    FrameBudget(LongSupplier nanos, Runnable refused) {
        this.frames = new RecordBudget(FRAMES_PER_SECOND, nanos);
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int begun = begun(bytes);
        if (begun > 0 && !frames.take(begun)) {
            bytes.release();
            refused.run();
            ctx.close();
            return;
        }
        ctx.fireChannelRead(message);
    }

    /** How many frames begin in these bytes; they stay unread. */
    private int begun(ByteBuf bytes) {
        int begun = 0;
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int now = (int) Math.min(skip, end - at);
                skip -= now;
                at += now;
                continue;
            }
            if (headBytes < LENGTH_BYTES) {
                length[headBytes] = bytes.getByte(at);
            }
            at++;
            if (++headBytes == HEAD) {
                headBytes = 0;
                skip = (length[0] & 0xffL) << 16 | (length[1] & 0xffL) << 8 | length[2] & 0xffL;
                begun++;
            }
        }
        return begun;
    }
}
