package io.moongate.dataplane.transport;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/** Closes channels that may take some time to end by themselves. */
public final class Closing {
    private Closing() {}

    /**
     * Closes it after this time, if it is still open. One that closes earlier leaves nothing behind: clients can end
     * connections as fast as they like, and the timer would keep each of them in memory.
     */
    public static void within(Channel channel, long millis) {
        var timer = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }
}
