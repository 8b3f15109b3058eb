package io.moongate.dataplane.relay;

import io.moongate.model.tunnel.Flag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;

/** Moves bytes between two sockets until one end is reached. Copying today; in the kernel some day. */
public interface Relay {
    /** Whom to tell, once and on the event loop, why it ended. Before anything else. */
    void onEnd(Consumer<Flag> told);

    /**
     * Starts both directions; on the event loop of both channels.
     *
     * @param early what the client sent before its 200; owned by the relay from here on
     * @param clientDone whether the client has closed its half already
     */
    void start(ByteBuf early, boolean clientDone);

    /** Ends it after what is under way has arrived. From any thread; only the first reason counts. */
    void close(Flag why);

    /** The two sockets: the client's, the upstream's. To look at their options, never to use them. */
    List<Channel> sockets();

    /** {@link System#nanoTime()} of the last byte in either direction. */
    long lastActivityNanos();
}
