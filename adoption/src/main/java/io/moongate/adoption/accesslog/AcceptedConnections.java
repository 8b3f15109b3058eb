package io.moongate.adoption.accesslog;

import io.moongate.model.net.Source;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Bounds the connections of the access log service: the newest beyond the limit is closed. Once half of the places are in
 * use, one client has at most a quarter of them. On the listening channel.
 */
@ChannelHandler.Sharable
final class AcceptedConnections extends ChannelInboundHandlerAdapter {
    private static final int BUSY = 2;
    private static final int SHARE = 4;

    private final int most;
    private final Runnable refused;
    private final Supplier<List<ChannelHandler>> first;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * @param refused called for each connection that is closed
     * @param first what sees the bytes of a connection before all else, in this order
     */
    AcceptedConnections(int most, Runnable refused, Supplier<List<ChannelHandler>> first) {
        this.most = most;
        this.refused = refused;
        this.first = first;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel child = (Channel) accepted;
        Optional<InetAddress> from = child.remoteAddress() instanceof InetSocketAddress peer
                ? Optional.ofNullable(peer.getAddress()).map(Source::of)
                : Optional.empty();
        int ofThis = from.map(address -> byAddress.getOrDefault(address, 0)).orElse(0);
        int now = open.get();
        if (now >= most || now >= most / BUSY && now > 1 && ofThis >= Math.max(1, most / SHARE)) {
            refused.run();
            child.unsafe().closeForcibly();
            return;
        }
        open.incrementAndGet();
        from.ifPresent(address -> byAddress.merge(address, 1, Integer::sum));
        child.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            from.ifPresent(address -> byAddress.computeIfPresent(address, (a, n) -> n > 1 ? n - 1 : null));
        });
        first.get().forEach(handler -> child.pipeline().addLast(handler));
        ctx.fireChannelRead(accepted);
    }
}
