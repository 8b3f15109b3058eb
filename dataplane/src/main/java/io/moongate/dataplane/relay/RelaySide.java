package io.moongate.dataplane.relay;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.IntConsumer;

/** One direction of a relay: what is read here is written to {@code to}. */
final class RelaySide extends ChannelInboundHandlerAdapter {
    private final CopyingRelay relay;
    private final End from;
    private final End to;
    private final Channel out;
    private final Flag whenReset;
    private final IntConsumer count;
    private final Unsent unsent;
    private boolean ending;
    private boolean finished;

    RelaySide(CopyingRelay relay, End from, End to, Backlog.Account account, Flag whenReset, IntConsumer count) {
        this.relay = relay;
        this.from = from;
        this.to = to;
        this.out = to.channel();
        this.whenReset = whenReset;
        this.count = count;
        this.unsent = new Unsent(out, account);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (relay.closing()) {
            ReferenceCountUtil.release(message);
            return;
        }
        forward((ByteBuf) message);
        if (!out.isWritable()) {
            // The kernel may take it yet; only what it refuses is a reason to stop.
            out.flush();
            if (!out.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    void forward(ByteBuf bytes) {
        relay.active();
        count.accept(bytes.readableBytes());
        unsent.write(bytes);
    }

    void flush() {
        out.flush();
        unsent.flushed();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        // While reading is off, Netty reads once when the socket has an error, and leaves the error where bytes are
        // left.
        if (!ctx.channel().config().isAutoRead() && !relay.closing() && from.isReset()) {
            relay.reset(whenReset);
        }
    }

    /** This side's own socket takes bytes again, or no more: the other side is read accordingly. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!relay.closing() && !to.inputDone()) {
            out.config().setAutoRead(ctx.channel().isWritable());
        }
    }

    void resume(Channel from) {
        if (!relay.closing() && out.isWritable()) {
            from.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            // At once: the place of the stream is given back before the next stream of the same read is opened.
            relay.reset(whenReset);
            return;
        }
        if (!(event instanceof ChannelInputShutdownEvent)) {
            return;
        }
        if (relay.closing()) {
            // Behind what this peer has not read yet.
            from.finish().addListener(done -> ctx.close());
        } else {
            finish();
        }
    }

    /** No more will come: say so to the other end once it has everything. */
    void finish() {
        if (ending || relay.closing()) {
            return;
        }
        ending = true;
        to.finish()
                .addListener(done -> relay.guard(() -> {
                    if (!relay.closing()) {
                        finished = true;
                        relay.sideFinished();
                    }
                }));
    }

    boolean finished() {
        return finished;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        relay.reset(whenReset);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof Http2Exception) {
            relay.reset(whenReset);
        } else {
            relay.failed(cause);
        }
    }
}
