package io.moongate.dataplane.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;

/** A TCP connection. */
public record SocketEnd(DuplexChannel channel) implements End {
    @Override
    public Channel socket() {
        return channel;
    }

    @Override
    public ChannelFuture finish() {
        ChannelPromise done = channel.newPromise();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                channel.shutdownOutput(done);
            } else {
                done.setFailure(written.cause());
            }
        });
        return done;
    }

    @Override
    public boolean inputDone() {
        return channel.isInputShutdown();
    }

    /** A reset and not a FIN: so does the kernel with unread bytes, too. */
    @Override
    public void abort() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }
}
