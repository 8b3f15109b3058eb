package io.moongate.dataplane.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

/**
 * One end of a tunnel: a socket, or a stream of an HTTP/2 connection. Bytes are read from and written to the channel;
 * what a channel alone cannot say in the same way for both is here. Used on the channel's event loop.
 */
public interface End {
    Channel channel();

    /** The socket beneath. */
    Channel socket();

    /** Sends the end of the stream behind the last byte, once; done when it is out. */
    ChannelFuture finish();

    /** Whether the peer has sent its end. */
    boolean inputDone();

    /** Whether the peer has reset it, though bytes that it sent before may still be read. */
    boolean isReset();

    /** Ends both directions such that the peer cannot take what it has for everything. */
    void abort();
}
