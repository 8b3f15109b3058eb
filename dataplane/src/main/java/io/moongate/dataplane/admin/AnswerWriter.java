package io.moongate.dataplane.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/**
 * Writes one answer piece by piece: Netty copies what it writes into memory that tunnels need, and must not hold a
 * whole page there. A reader that takes nothing loses its connection. Of the connection's event loop alone.
 */
final class AnswerWriter implements ChannelFutureListener {
    private static final int PIECE = 64 * 1024;

    private final ChannelHandlerContext ctx;
    private final byte[] body;
    private int written;
    private int secondsWithoutProgress;

    private AnswerWriter(ChannelHandlerContext ctx, byte[] body) {
        this.ctx = ctx;
        this.body = body;
    }

    /** Closes the connection behind it. */
    static void write(ChannelHandlerContext ctx, HttpResponse head, byte[] body) {
        var writer = new AnswerWriter(ctx, body);
        var watch = ctx.executor().scheduleWithFixedDelay(writer::closeIfStuck, 1, 1, TimeUnit.SECONDS);
        ctx.channel().closeFuture().addListener(closed -> watch.cancel(false));
        ctx.write(head);
        writer.writePiece();
    }

    private void closeIfStuck() {
        secondsWithoutProgress++;
        if (secondsWithoutProgress >= AdminServer.STALL_SECONDS) {
            ctx.close();
        }
    }

    private void writePiece() {
        int size = Math.min(PIECE, body.length - written);
        var piece = Unpooled.wrappedBuffer(body, written, size);
        written += size;
        if (written < body.length) {
            ctx.writeAndFlush(new DefaultHttpContent(piece)).addListener(this);
        } else {
            ctx.writeAndFlush(new DefaultLastHttpContent(piece)).addListener(CLOSE);
        }
    }

    @Override
    public void operationComplete(ChannelFuture piece) {
        if (piece.isSuccess()) {
            secondsWithoutProgress = 0;
            writePiece();
        } else {
            ctx.close();
        }
    }
}
