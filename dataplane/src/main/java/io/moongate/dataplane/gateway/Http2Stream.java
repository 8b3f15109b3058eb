package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
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
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 connection: reads its head, and answers it. It is decided after the bytes that came with it
 * have been read: a stream that is reset in the same read costs neither a slot nor its destination a connection.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Requester {
    private final Core core;
    private final Http2Connection connection;
    private final TunnelRecord record;
    private final Http2StreamChannel channel;
    private @Nullable StreamEnd end;
    private @Nullable Attempt attempt;

    Http2Stream(Core core, Http2Connection connection, TunnelRecord record, Http2StreamChannel channel) {
        this.core = core;
        this.connection = connection;
        this.record = record;
        this.channel = channel;
        record.protocol("HTTP/2");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        attempt = new Attempt(core, record, this, ctx);
        attempt.whenHolding(() -> connection.holds(channel));
        // For what a read under way delivers before the tunnel is there; other DATA waits in the stream's own window.
        attempt.receive(Unpooled.buffer(0));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        core.steps.at(Steps.Step.ACTIVE);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf more) {
            attempt().receive(more);
            return;
        }
        if (!(message instanceof Http2HeadersFrame request)) {
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        core.steps.at(Steps.Step.READ);
        end = new StreamEnd(channel, request.isEndStream());
        ctx.pipeline().addAfter("unread", "end", end);
        if (connection.isFull()) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
            attempt().drop(Flag.LIMIT_REACHED);
            return;
        }
        channel.config().setAutoRead(false);
        Optional<RequestHead> head = Http2Head.parse(request.headers());
        connection.afterRead(() -> attempt().guard(() -> decide(head)));
    }

    private void decide(Optional<RequestHead> head) {
        if (attempt().over()) {
            return;
        }
        core.steps.at(Steps.Step.HEAD);
        if (head.isPresent()) {
            Admission.decide(core, attempt(), head.get());
        } else {
            attempt().answer(Flag.MALFORMED);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            attempt().drop(Flag.CLIENT_RESET);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (end != null) {
            attempt().drop(Flag.CLIENT_RESET);
        } else if (!attempt().over()) {
            // Without a head: the codec has answered 431 itself, on a stream that it opened only for that.
            attempt().drop(Flag.HEAD_TOO_LARGE);
            connection.refused(channel, Flag.HEAD_TOO_LARGE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            attempt().drop(Flag.MALFORMED);
        } else if (cause instanceof IOException) {
            attempt().drop(Flag.CLIENT_RESET);
        } else {
            attempt().failed(cause);
        }
    }

    private Attempt attempt() {
        if (attempt == null) {
            throw new IllegalStateException("the stream is not open yet");
        }
        return attempt;
    }

    @Override
    public End end() {
        if (end == null) {
            throw new IllegalStateException("the request head has not been read yet");
        }
        return end;
    }

    @Override
    public void waitsIn(Backlog.Account account) {
        connection.waitsIn(channel, account);
    }

    @Override
    public ChannelFuture accept() {
        return channel.writeAndFlush(answer(200, Optional.empty(), false));
    }

    @Override
    public void refuse(ChannelHandlerContext ctx, Flag flag, Optional<String> location) {
        connection.refused(channel, flag);
        Farewell.say(
                ctx, end(), channel.writeAndFlush(answer(flag.status(), location, true)), connection::unwantedFrame);
    }

    /** A stream that the client has reset closes by itself, without another RST_STREAM. */
    @Override
    public void close() {
        if (end == null || !end.resetByPeer()) {
            channel.close();
        }
    }

    private static DefaultHttp2HeadersFrame answer(int status, Optional<String> location, boolean last) {
        Http2Headers headers = new DefaultHttp2Headers().status(String.valueOf(status));
        if (last) {
            headers.set("content-length", "0");
        }
        location.ifPresent(l -> headers.set("location", l));
        return new DefaultHttp2HeadersFrame(headers, last);
    }
}
