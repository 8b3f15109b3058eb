package io.moongate.dataplane.gateway;

import io.moongate.model.config.GatewaySettings.Keepalive;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;

/** What both sockets of a tunnel are set to. */
final class SocketOptions {
    /** Bytes held for a peer that reads slowly: reading from the other stops above the high mark. */
    static final WriteBufferWaterMark BUFFER = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    /**
     * Bytes that the kernel takes beyond what it may send: else it takes up to 4 MiB for a peer that does not read, and
     * some hundred of such tunnels use up the memory for TCP of the whole machine. What is on its way is not limited.
     */
    static final int UNSENT = 128 * 1024;

    private SocketOptions() {}

    /** Takes an option: a bootstrap's {@code option} or {@code childOption}. */
    interface Target {
        <T> Object set(ChannelOption<T> option, T value);
    }

    static void set(Target target, Keepalive keepalive) {
        // Pooled, not Netty's adaptive default: it counts live buffers, so that a test can hold "none while idle" to
        // it.
        target.set(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        target.set(ChannelOption.ALLOW_HALF_CLOSURE, true);
        target.set(ChannelOption.WRITE_BUFFER_WATER_MARK, BUFFER);
        target.set(ChannelOption.TCP_NODELAY, true);
        target.set(ChannelOption.SO_KEEPALIVE, true);
        target.set(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT);
        target.set(EpollChannelOption.TCP_KEEPIDLE, (int) keepalive.idle().toSeconds());
        target.set(EpollChannelOption.TCP_KEEPINTVL, (int) keepalive.interval().toSeconds());
        target.set(EpollChannelOption.TCP_KEEPCNT, keepalive.probes());
    }
}
