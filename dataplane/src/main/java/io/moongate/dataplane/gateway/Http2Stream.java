package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.TunnelRecord;
import io.moongate.dataplane.relay.End;
import io.moongate.dataplane.relay.StreamEnd;
import io.moongate.dataplane.wire.Http2Head;
import io.moongate.dataplane.wire.RequestHead;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request of an HTTP/2 connection: reads its head, and answers it. */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Requester {
    private final Core core;
    private final Http2Connection connection;
    private final TunnelRecord record;
    private final Http2StreamChannel channel;
    private @Nullable StreamEnd end;

    Http2Stream(Core core, Http2Connection connection, TunnelRecord record, Http2StreamChannel channel) {
        this.core = core;
        this.connection = connection;
        this.record = record;
        this.channel = channel;
        record.protocol("HTTP/2");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Http2HeadersFrame request)) {
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        end = new StreamEnd(channel, request.isEndStream());
        ctx.pipeline().addFirst("end", end);
        Optional<RequestHead> head = Http2Head.parse(request.headers());
        if (head.isPresent()) {
            Admission.decide(core, ctx, record, head.get(), this);
        } else {
            Admission.refuse(core, ctx, record, this, Flag.MALFORMED, Optional.empty());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        // Without a head: the codec has answered 431 itself, on a stream that it opened only for that.
        core.recorder.finish(record, Flag.HEAD_TOO_LARGE);
        connection.refused();
    }

    @Override
    public End end() {
        if (end == null) {
            throw new IllegalStateException("the request head has not been read yet");
        }
        return end;
    }

    @Override
    public ChannelFuture accept() {
        return channel.writeAndFlush(answer(200, Optional.empty(), false));
    }

    @Override
    public void refuse(ChannelHandlerContext ctx, Flag flag, Optional<String> location) {
        connection.refused();
        Farewell.say(ctx, end(), channel.writeAndFlush(answer(flag.status(), location, true)));
    }

    private static DefaultHttp2HeadersFrame answer(int status, Optional<String> location, boolean last) {
        Http2Headers headers = new DefaultHttp2Headers().status(String.valueOf(status));
        if (last) {
            headers.set("content-length", "0");
        }
        location.ifPresent(l -> headers.set("location", l));
        return new DefaultHttp2HeadersFrame(headers, last);
    }

    /** DATA frames wait in the stream's own window; for what a read under way may still deliver. */
    @Override
    public ByteBuf early() {
        return Unpooled.buffer(0);
    }
}
