package io.moongate.dataplane.wire;

import io.moongate.dataplane.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the HTTP/2 codec and charges each frame that carries no bytes of a tunnel to the connection's budget,
 * also those that the codec ignores. Passes on one frame at a time: once the budget is spent, the codec sees nothing
 * more, not even of the same read. Tells how much memory the connection holds beside its streams: the frame and the block
 * of headers that are not complete, and what waits for a client that does not read.
 */
public final class Http2Meter extends ChannelDuplexHandler {
    private static final int FRAME_HEAD = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int GOAWAY_BYTES = 8;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    /** What is gathered stands in buffers that grow by doubling; an acknowledgement has objects beside its bytes. */
    private static final int COST = 2;

    /** A SETTINGS frame with more entries than a client needs costs more. */
    private static final int SETTINGS_BYTES_PER_UNIT = 96;

    private final Http2Budget budget;
    private final LongConsumer holds;
    private final byte[] head = new byte[FRAME_HEAD + 1];
    private int headBytes;
    private int preface = Http2Preface.LENGTH;
    private int payload;
    /** Bytes of what is not complete. */
    private int gathered;

    private @Nullable ChannelFuture lastWrite;
    private boolean marked;

    /** @param holds told the bytes of memory that the connection holds beside its streams, whenever they change */
    public Http2Meter(Http2Budget budget, LongConsumer holds) {
        this.budget = budget;
        this.holds = holds;
    }

    public static ByteBuf goAway(ByteBufAllocator allocator, int lastStream, Http2Error error) {
        return allocator
                .buffer(FRAME_HEAD + GOAWAY_BYTES)
                .writeMedium(GOAWAY_BYTES)
                .writeByte(GOAWAY)
                .writeZero(FRAME_HEAD - 4)
                .writeInt(lastStream)
                .writeInt((int) error.code());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !budget.spent() && !ctx.isRemoved()) {
                int length = nextFrame(in);
                if (!budget.spent()) {
                    ctx.fireChannelRead(frame(ctx, in, length));
                }
            }
        } finally {
            in.release();
        }
        tell(ctx);
        if (ctx.channel().bytesBeforeWritable() > Http2Budget.UNREAD_BYTES) {
            budget.spend();
        }
        if (budget.spent()) {
            // What the client still sends waits in the kernel, and costs nothing.
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** A part of a frame waits for the rest, so it must not keep a large buffer. */
    private ByteBuf frame(ChannelHandlerContext ctx, ByteBuf in, int length) {
        ByteBuf slice = in.readRetainedSlice(length);
        if (gathered == 0 || !Backlog.isSmallPart(slice)) {
            return slice;
        }
        try {
            return ctx.alloc().buffer(length).writeBytes(slice);
        } finally {
            slice.release();
        }
    }

    private void tell(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer out = ctx.channel().unsafe().outboundBuffer();
        long unread = 0;
        // Not by the sum alone: Netty tells that a write is out before it takes its bytes out of the sum.
        if (out != null && lastWrite != null && !lastWrite.isDone()) {
            unread = out.totalPendingWriteBytes();
            if (!marked) {
                marked = true;
                lastWrite.addListener(done -> {
                    marked = false;
                    tell(ctx);
                });
            }
        }
        holds.accept(COST * (unread + gathered));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ChannelPromise told = promise.unvoid();
        lastWrite = told;
        ctx.write(message, told);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gathered = 0;
        tell(ctx);
        ctx.fireChannelInactive();
    }

    /** The codec asks for more bytes even when reading is off. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!budget.spent()) {
            ctx.read();
        }
    }

    /** How many of the bytes belong to the preface or to one frame; at least one. */
    private int nextFrame(ByteBuf in) {
        int available = in.readableBytes();
        if (preface > 0) {
            int length = Math.min(preface, available);
            preface -= length;
            gathered = preface == 0 ? 0 : gathered + length;
            return length;
        }
        int length = 0;
        while (length < available) {
            if (payload > 0) {
                int more = Math.min(payload, available - length);
                payload -= more;
                length += more;
            } else {
                head[headBytes++] = in.getByte(in.readerIndex() + length++);
                if (headBytes < headLength()) {
                    continue;
                }
                begin();
            }
            if (payload == 0) {
                break;
            }
        }
        boolean complete = payload == 0 && headBytes == 0 && !opensBlock();
        gathered = complete ? 0 : gathered + length;
        return length;
    }

    /** Whether more frames of a block of headers follow: the codec gathers them. */
    private boolean opensBlock() {
        return (head[3] == HEADERS || head[3] == CONTINUATION) && (head[4] & END_HEADERS) == 0;
    }

    /** With the length of the padding, where there is one: padding is no content. */
    private int headLength() {
        return headBytes >= FRAME_HEAD && isPaddedData() && length() > 0 ? FRAME_HEAD + 1 : FRAME_HEAD;
    }

    private void begin() {
        int length = length();
        int padding = headBytes > FRAME_HEAD ? 1 + (head[FRAME_HEAD] & 0xff) : 0;
        payload = length - (headBytes - FRAME_HEAD);
        headBytes = 0;
        switch (head[3]) {
            case DATA -> {
                if (length <= padding) {
                    budget.frames(1);
                }
            }
            case RST_STREAM -> budget.reset();
            case SETTINGS -> budget.frames(1 + length / SETTINGS_BYTES_PER_UNIT);
            default -> budget.frames(1);
        }
    }

    private boolean isPaddedData() {
        return head[3] == DATA && (head[4] & PADDED) != 0;
    }

    private int length() {
        return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
    }
}
