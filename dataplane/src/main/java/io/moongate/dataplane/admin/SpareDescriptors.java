package io.moongate.dataplane.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A few file descriptors kept for the day on which there are none left: each lets in one more admin connection, so that
 * somebody can look at what used them up. On the listening channel's pipeline; not safe for several threads.
 */
final class SpareDescriptors extends ChannelInboundHandlerAdapter {
    private static final int SPARES = 8;

    private final Deque<FileInputStream> spares = new ArrayDeque<>();

    SpareDescriptors() {
        refill();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (spares.isEmpty()) {
            // Netty pauses accepting for a second before it tries again.
            ctx.fireExceptionCaught(cause);
        } else {
            closeOne();
            ctx.read();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        refill();
        ctx.fireChannelReadComplete();
    }

    private void refill() {
        try {
            while (spares.size() < SPARES) {
                spares.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException none) {
            // Then later.
        }
    }

    void release() {
        while (!spares.isEmpty()) {
            closeOne();
        }
    }

    private void closeOne() {
        try {
            spares.pop().close();
        } catch (IOException gone) {
            // It was /dev/null.
        }
    }
}
