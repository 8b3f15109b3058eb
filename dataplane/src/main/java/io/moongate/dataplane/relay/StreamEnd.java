package io.moongate.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an HTTP/2 connection behind its request head: DATA frames are bytes, END_STREAM is a FIN, RST_STREAM a
 * reset (RFC 9113, 8.5). Behind what counts frames, before all else of the stream's channel.
 */
public final class StreamEnd extends ChannelDuplexHandler implements End {
    private final Http2StreamChannel channel;
    private @Nullable ChannelFuture finished;
    private boolean inputDone;
    private boolean resetByPeer;

    /** @param inputDone whether the request head was the end of the client's direction already */
    public StreamEnd(Http2StreamChannel channel, boolean inputDone) {
        this.channel = channel;
        this.inputDone = inputDone;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Channel socket() {
        return channel.parent();
    }

    @Override
    public ChannelFuture finish() {
        if (finished == null) {
            finished = channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
        }
        return finished;
    }

    @Override
    public boolean inputDone() {
        return inputDone;
    }

    /** Whether the client has reset the stream: it closes by itself. */
    public boolean resetByPeer() {
        return resetByPeer;
    }

    @Override
    public boolean isReset() {
        return resetByPeer;
    }

    @Override
    public void abort() {
        if (channel.isOpen() && !resetByPeer) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CONNECT_ERROR));
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Http2DataFrame data)) {
            // Trailers have no meaning in a tunnel; RFC 9113 makes them a stream error.
            ReferenceCountUtil.release(message);
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            ctx.close();
            return;
        }
        if (data.content().isReadable()) {
            // The frame's one reference is its content's.
            ctx.fireChannelRead(data.content());
        } else {
            data.release();
        }
        if (data.isEndStream()) {
            inputDone = true;
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            // Even if bytes wait unread. After this event the codec closes the stream: then no RST_STREAM goes back.
            resetByPeer = true;
            ctx.executor().execute(ctx::close);
        }
        ctx.fireUserEventTriggered(event);
    }
}
