package io.moongate.dataplane.gateway;

import io.moongate.dataplane.relay.End;
import io.moongate.dataplane.relay.SocketEnd;
import io.moongate.dataplane.wire.Answers;
import io.moongate.model.tunnel.Flag;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.Optional;

/** A connection that speaks HTTP/1.0 or 1.1: one request, one answer, in the request's version. */
record Http1Requester(End end, boolean http10) implements Requester {
    Http1Requester(DuplexChannel channel, boolean http10) {
        this(new SocketEnd(channel), http10);
    }

    @Override
    public ChannelFuture accept() {
        return end.channel().writeAndFlush(Answers.established(end.channel().alloc(), http10));
    }

    @Override
    public void refuse(ChannelHandlerContext ctx, Flag flag, Optional<String> location) {
        end.channel().write(Answers.refused(ctx.alloc(), http10, flag.status(), location));
        Farewell.say(ctx, end, end.finish(), () -> {});
    }

    @Override
    public void close() {
        end.channel().close();
    }
}
