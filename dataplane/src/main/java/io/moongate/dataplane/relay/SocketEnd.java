package io.moongate.dataplane.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;

/** A TCP connection. */
public record SocketEnd(DuplexChannel channel) implements End {
    /** The state in the kernel behind a reset, {@code include/net/tcp_states.h}. */
    private static final int TCP_CLOSE = 7;

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

    @Override
    public boolean isReset() {
        return channel instanceof EpollSocketChannel socket
                && socket.isActive()
                // Behind our own FIN it is also the state of a connection that both have ended in order.
                && !socket.isOutputShutdown()
                && socket.tcpInfo().state() == TCP_CLOSE;
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
