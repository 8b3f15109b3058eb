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

    private final RecordBudget frames;
    private final Runnable refused;
    private int found;
    private final FrameScanner scanner = new FrameScanner(PREFACE, (type, length, content) -> found++);

    /** @param refused called when the budget is spent */
    FrameBudget(LongSupplier nanos, Runnable refused) {
        this.frames = new RecordBudget(FRAMES_PER_SECOND, nanos);
        this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        found = 0;
        scanner.scan(bytes);
        if (found > 0 && !frames.take(found)) {
            bytes.release();
            refused.run();
            ctx.close();
            return;
        }
        ctx.fireChannelRead(message);
    }
}
