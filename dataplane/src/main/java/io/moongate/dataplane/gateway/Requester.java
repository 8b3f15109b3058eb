package io.moongate.dataplane.gateway;

import io.moongate.dataplane.memory.Backlog;
import io.moongate.dataplane.relay.End;
import io.moongate.model.tunnel.Flag;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;

/** What asks for a tunnel, and how it is answered: an HTTP/1 connection, or a stream of an HTTP/2 connection. */
interface Requester {
    End end();

    /** What waits for this request's tunnel outside of the attempt counts here. */
    default void waitsIn(Backlog.Account account) {}

    /** Sends the 200. */
    ChannelFuture accept();

    /**
     * Sends a refusal and ends what asked.
     *
     * @param ctx of the handler that has been in charge until now; it is replaced
     */
    void refuse(ChannelHandlerContext ctx, Flag flag, Optional<String> location);

    /** Ends what asked, without an answer. */
    void close();
}
