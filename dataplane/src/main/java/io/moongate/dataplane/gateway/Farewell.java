package io.moongate.dataplane.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Sends an answer and ends the connection such that the answer arrives: closing a socket with unread bytes in it makes
 * the kernel send a reset, which can overtake the answer. So what still comes is read and dropped, for a bounded time.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    private static final long AT_MOST_MILLIS = 1000;
    private static final int AT_MOST_BYTES = 256 * 1024;

    private int dropped;

    private Farewell() {}

    static void say(ChannelHandlerContext ctx, ChannelHandler instead, ByteBuf answer) {
        var channel = (DuplexChannel) ctx.channel();
        ctx.pipeline().replace(instead, "farewell", new Farewell());
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), AT_MOST_MILLIS, TimeUnit.MILLISECONDS);
        channel.writeAndFlush(answer).addListener(sent -> {
            if (!sent.isSuccess() || channel.isInputShutdown()) {
                channel.close();
            } else {
                channel.shutdownOutput();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        dropped += ((ByteBuf) message).readableBytes();
        ReferenceCountUtil.release(message);
        if (dropped > AT_MOST_BYTES) {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
