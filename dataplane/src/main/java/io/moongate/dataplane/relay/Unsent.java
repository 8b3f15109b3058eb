package io.moongate.dataplane.relay;

import io.moongate.dataplane.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * What one direction of a tunnel has written and its peer has not taken. Where the peer takes all at once, which is the
 * rule, this costs an addition for each buffer; only what is left behind a flush is followed. Used on the event loop.
 */
final class Unsent implements ChannelFutureListener {
    private final Channel out;
    private final Backlog.Account account;
    private @Nullable ChannelFuture last;
    /** Written up to the buffer whose end is waited for, and behind it. */
    private long upToMark;

    private long behindMark;
    private long told;
    private boolean marked;

    Unsent(Channel out, Backlog.Account account) {
        this.out = out;
        this.account = account;
    }

    void write(ByteBuf bytes) {
        behindMark += Backlog.weight(bytes);
        last = out.write(bytes);
    }

    /** Behind each flush. */
    void flushed() {
        ChannelFuture newest = last;
        if (newest == null || newest.isDone()) {
            upToMark = 0;
            behindMark = 0;
        } else if (!marked) {
            marked = true;
            upToMark = behindMark;
            behindMark = 0;
            newest.addListener(this);
        }
        tell();
    }

    private void tell() {
        long now = upToMark + behindMark;
        long more = now - told;
        told = now;
        account.add(more);
    }

    /** The marked buffer is out, or given back because the channel is closed. */
    @Override
    public void operationComplete(ChannelFuture done) {
        marked = false;
        upToMark = 0;
        flushed();
    }
}
