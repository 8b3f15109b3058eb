package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a request head and refuses, at the first byte that shows it, whatever could be read in two ways: bare
 * LF or CR, folded lines, NUL and other control characters. Reads each byte once, in whatever pieces the bytes arrive.
 */
public final class HeadScanner {
    /** What is known after the bytes seen so far. */
    public enum State {
        INCOMPLETE,
        COMPLETE,
        MALFORMED
    }

    /**
     * Empty lines before the request line that are ignored (RFC 9112, 2.2): some clients send one behind the body of an
     * earlier request. They count in the size of the head.
     */
    public static final int MOST_EMPTY_LINES = 8;

    private int seen;
    private int emptyLines;
    private int lineLength;
    private boolean carriageReturn;
    private boolean firstLine = true;

    /** Goes on where it stopped; {@code head} must hold the same bytes as before and more behind them. */
    public State scan(ByteBuf head) {
        while (seen < head.readableBytes()) {
            byte b = head.getByte(head.readerIndex() + seen);
            seen++;
            if (carriageReturn) {
                if (b != '\n') {
                    return State.MALFORMED;
                }
                carriageReturn = false;
                if (lineLength == 0 && firstLine) {
                    emptyLines++;
                    if (emptyLines > MOST_EMPTY_LINES) {
                        return State.MALFORMED;
                    }
                    continue;
                }
                if (lineLength == 0) {
                    return State.COMPLETE;
                }
                lineLength = 0;
                firstLine = false;
            } else if (b == '\r') {
                carriageReturn = true;
            } else if (!isAllowed(b)) {
                return State.MALFORMED;
            } else {
                lineLength++;
            }
        }
        return State.INCOMPLETE;
    }

    /** Bytes up to and including the empty line at the end; only after {@link State#COMPLETE}. */
    public int length() {
        return seen;
    }

    private boolean isAllowed(byte b) {
        int c = b & 0xff;
        if (lineLength == 0 && (c == ' ' || c == '\t')) {
            return false;
        }
        return c >= 0x20 && c != 0x7f || c == '\t';
    }
}
