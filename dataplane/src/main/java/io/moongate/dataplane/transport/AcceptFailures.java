package io.moongate.dataplane.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a listening channel cannot accept connections, most often for lack of file descriptors: once a minute, since
 * Netty tries again each second. The last handler of such a channel.
 */
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long logged = System.nanoTime() - INTERVAL_NANOS;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long now = System.nanoTime();
        if (now - logged >= INTERVAL_NANOS) {
            logged = now;
            LOG.warn(
                    "{} cannot accept connections now, and tries again every second: {}",
                    ctx.channel().localAddress(),
                    cause.getMessage());
        }
    }
}
