package io.moongate.adoption.accesslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

/**
 * Sees by the HTTP/2 frames that gRPC sends what it has refused before a call came about: a request whose headers are too
 * large, a stream too many, frames that are none. gRPC tells nobody of it here. Used on the connection's event loop.
 */
final class RefusedFrames extends ChannelOutboundHandlerAdapter {
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    /** In a GOAWAY behind the number of the last stream. */
    private static final int CODE_OF_GOAWAY = 4;

    private static final int NO_ERROR = 0;
    /** In a GOAWAY the connection itself has failed, as when a client has broken it. */
    private static final int INTERNAL_ERROR = 2;
    /** What is late for a stream that its client has reset. */
    private static final int STREAM_CLOSED = 5;
    /** The end of a call; its tracer knows why. */
    private static final int CANCEL = 8;

    private final Runnable refused;
    private final FrameScanner scanner = new FrameScanner(0, this::found);

    RefusedFrames(Runnable refused) {
        this.refused = refused;
    }

    /** Behind TLS, where there is TLS: gRPC adds it after the connection has been accepted. */
    static ChannelInboundHandlerAdapter behindTls(Runnable refused) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                String before =
                        tls == null ? ctx.name() : ctx.pipeline().context(tls).name();
                ctx.pipeline().addAfter(before, null, new RefusedFrames(refused));
                ctx.fireChannelRead(message);
                ctx.pipeline().remove(this);
            }
        };
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            scanner.scan(bytes);
        }
        ctx.write(message, promise);
    }

    private void found(int type, int length, byte[] content) {
        int at = type == GOAWAY ? CODE_OF_GOAWAY : 0;
        if ((type == GOAWAY || type == RST_STREAM) && length >= at + Integer.BYTES) {
            int code = (content[at] & 0xff) << 24
                    | (content[at + 1] & 0xff) << 16
                    | (content[at + 2] & 0xff) << 8
                    | content[at + 3] & 0xff;
            boolean ordinary = code == NO_ERROR || (type == GOAWAY ? code == INTERNAL_ERROR : isOfClient(code));
            if (!ordinary) {
                refused.run();
            }
        }
    }

    private static boolean isOfClient(int code) {
        return code == STREAM_CLOSED || code == CANCEL;
    }
}
