package io.moongate.dataplane.gateway;

import io.moongate.dataplane.relay.End;
import io.moongate.dataplane.transport.Closing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection or a stream such that its answer arrives: closing a socket with unread bytes in it makes the kernel
 * send a reset, which can overtake the answer. So what still comes is read and dropped, for a bounded time.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    private static final long AT_MOST_MILLIS = 1000;
    private static final int AT_MOST_BYTES = 256 * 1024;

    /** What a read costs however few bytes it has. */
    private static final int READ_BYTES = 256;

    private final Runnable eachRead;
    private int dropped;

    private Farewell(Runnable eachRead) {
        this.eachRead = eachRead;
    }

    /**
     * @param ctx of the handler that this one replaces
     * @param said the answer with the end behind it
     * @param eachRead called for whatever still comes
     */
    static void say(ChannelHandlerContext ctx, End end, ChannelFuture said, Runnable eachRead) {
        Channel channel = end.channel();
        ctx.pipeline().replace(ctx.handler(), "farewell", new Farewell(eachRead));
        channel.config().setAutoRead(true);
        Closing.within(channel, AT_MOST_MILLIS);
        said.addListener(done -> {
            if (!done.isSuccess() || end.inputDone()) {
                channel.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        dropped += READ_BYTES + ((ByteBuf) message).readableBytes();
        ReferenceCountUtil.release(message);
        eachRead.run();
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
        // The outcome is recorded already.
        ctx.close();
    }
}
