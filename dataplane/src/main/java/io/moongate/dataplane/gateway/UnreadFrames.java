package io.moongate.dataplane.gateway;

import io.moongate.dataplane.wire.Http2Budget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the DATA frames of an HTTP/2 connection that wait for their destinations. A stream's window counts bytes, but a
 * frame of one byte takes as much memory as one of a hundred: 100 streams of such frames could hold a gigabyte.
 * Stands between the codec and the streams. Used on the connection's event loop.
 */
final class UnreadFrames extends ChannelInboundHandlerAdapter {
    /** Of one connection: with 64 bytes in each frame one stream's window is 1,024 of them. */
    static final int MOST = 16_384;

    /** A frame keeps at most so many times its bytes. */
    private static final int MOST_KEPT = 4;

    private final Http2Budget budget;
    private final Map<Http2FrameStream, Integer> waiting = new HashMap<>();
    private int all;

    UnreadFrames(Http2Budget budget) {
        this.budget = budget;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2DataFrame frame) {
            // Only of streams that are there: what the multiplexer drops waits for nothing.
            if (waiting.computeIfPresent(frame.stream(), (s, n) -> n + 1) != null) {
                all++;
            }
            if (all > MOST) {
                budget.spend();
            }
            ctx.fireChannelRead(compact(ctx, frame));
            return;
        }
        ctx.fireChannelRead(message);
    }

    /**
     * A frame is a part of the buffer into which the socket was read, and keeps all of that as long as it waits: 64 KiB
     * for a byte. So a small part is copied.
     */
    private static Http2DataFrame compact(ChannelHandlerContext ctx, Http2DataFrame frame) {
        ByteBuf content = frame.content();
        ByteBuf whole = content;
        while (whole.unwrap() != null) {
            whole = whole.unwrap();
        }
        if (!content.isReadable() || content.readableBytes() >= whole.capacity() / MOST_KEPT) {
            return frame;
        }
        ByteBuf copy = ctx.alloc().buffer(content.readableBytes()).writeBytes(content);
        var compact = new DefaultHttp2DataFrame(copy, frame.isEndStream(), frame.padding()).stream(frame.stream());
        frame.release();
        return compact;
    }

    /** Follows a stream from its beginning to its end. */
    void follow(Http2StreamChannel stream) {
        waiting.put(stream.stream(), 0);
        stream.closeFuture().addListener(closed -> {
            Integer left = waiting.remove(stream.stream());
            all -= left == null ? 0 : left;
        });
        stream.pipeline().addFirst("unread", new Taken(stream.stream()));
    }

    private final class Taken extends ChannelInboundHandlerAdapter {
        private final Http2FrameStream stream;

        private Taken(Http2FrameStream stream) {
            this.stream = stream;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2DataFrame && waiting.computeIfPresent(stream, (s, n) -> n - 1) != null) {
                all--;
            }
            ctx.fireChannelRead(message);
        }
    }
}
