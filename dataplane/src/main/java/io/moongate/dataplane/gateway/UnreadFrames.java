package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.wire.Http2Budget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the DATA frames of an HTTP/2 connection that wait for their destinations, and what they cost. A stream's window
 * counts bytes, but a frame of one byte takes as much memory as one of a hundred: 100 streams of such frames could hold a
 * gigabyte. Stands between the codec and the streams. Used on the connection's event loop.
 */
final class UnreadFrames extends ChannelInboundHandlerAdapter {
    /** Of one connection: with 64 bytes in each frame one stream's window is 1,024 of them. */
    static final int MOST = 16_384;

    private final Http2Budget budget;
    private final Map<Http2FrameStream, Frames> streams = new HashMap<>();
    private int all;

    UnreadFrames(Http2Budget budget) {
        this.budget = budget;
    }

    /** Those of one stream. */
    private static final class Frames {
        private final Channel stream;
        private Backlog.@Nullable Account account;
        /** Passed on to a stream that reads: they do not wait, and are not weighed. */
        private int passing;
        /** Of those that wait, oldest first. */
        private final ArrayDeque<Long> weights = new ArrayDeque<>(0);

        private long weight;
        /** Its request has come. */
        private boolean begun;

        private boolean ended;

        private Frames(Channel stream) {
            this.stream = stream;
        }

        private int count() {
            return passing + weights.size();
        }

        private void waits(long more) {
            weights.add(more);
            add(more);
        }

        private void taken() {
            if (passing > 0) {
                passing--;
            } else {
                add(-weights.remove());
            }
        }

        private void add(long more) {
            weight += more;
            if (account != null) {
                account.add(more);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2UnknownFrame) {
            // Ignored, as RFC 9113 section 5.5 has it: no window bounds what would wait for a stream that is not read.
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof Http2HeadersFrame headers) {
            ctx.fireChannelRead(isTrailer(headers) ? withoutFields(headers) : headers);
            return;
        }
        if (!(message instanceof Http2DataFrame frame)) {
            ctx.fireChannelRead(message);
            return;
        }
        // Only of streams that are there: what the multiplexer drops waits for nothing.
        Frames frames = streams.get(frame.stream());
        if (frames == null) {
            ctx.fireChannelRead(compact(ctx, frame));
            return;
        }
        if (++all > MOST) {
            budget.spend();
        }
        if (frames.weights.isEmpty() && frames.stream.config().isAutoRead()) {
            frames.passing++;
            ctx.fireChannelRead(compact(ctx, frame));
        } else {
            Http2DataFrame own = frame.content().isReadable() ? copy(ctx, frame) : frame;
            frames.waits(Backlog.weight(own.content()));
            ctx.fireChannelRead(own);
        }
    }

    private boolean isTrailer(Http2HeadersFrame headers) {
        Frames frames = streams.get(headers.stream());
        if (frames == null) {
            return false;
        }
        boolean second = frames.begun;
        frames.begun = true;
        return second;
    }

    /**
     * Trailers end a tunnel, whatever is in them, but not before the DATA in front of them: that may take long. Their
     * fields would wait as objects, 66 KiB for each stream, and a client needs a fraction of that to send them.
     */
    private static Http2HeadersFrame withoutFields(Http2HeadersFrame trailers) {
        return new DefaultHttp2HeadersFrame(EmptyHttp2Headers.INSTANCE, trailers.isEndStream())
                .stream(trailers.stream());
    }

    /**
     * A frame is a part of the buffer into which the socket was read, and keeps all of that as long as it waits: 64 KiB
     * for a byte. So a small part is copied.
     */
    private static Http2DataFrame compact(ChannelHandlerContext ctx, Http2DataFrame frame) {
        return Backlog.isSmallPart(frame.content()) ? copy(ctx, frame) : frame;
    }

    private static Http2DataFrame copy(ChannelHandlerContext ctx, Http2DataFrame frame) {
        ByteBuf content = frame.content();
        ByteBuf copy = ctx.alloc().buffer(content.readableBytes()).writeBytes(content);
        var own = new DefaultHttp2DataFrame(copy, frame.isEndStream(), frame.padding()).stream(frame.stream());
        frame.release();
        return own;
    }

    /** Follows a stream from its beginning to its end. */
    void follow(Http2StreamChannel stream) {
        var frames = new Frames(stream);
        streams.put(stream.stream(), frames);
        stream.closeFuture().addListener(closed -> {
            streams.remove(stream.stream());
            frames.ended = true;
            all -= frames.count();
            frames.add(-frames.weight);
        });
        stream.pipeline().addFirst("unread", new Taken(frames));
    }

    /** From now on, what waits for this stream counts in this account. */
    void waitsIn(Http2StreamChannel stream, Backlog.Account account) {
        Frames frames = streams.get(stream.stream());
        if (frames != null && frames.account == null) {
            frames.account = account;
            account.add(frames.weight);
        }
    }

    private final class Taken extends ChannelInboundHandlerAdapter {
        private final Frames frames;

        private Taken(Frames frames) {
            this.frames = frames;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2DataFrame && frames.count() > 0 && !frames.ended) {
                all--;
                frames.taken();
            }
            ctx.fireChannelRead(message);
        }
    }
}
