package io.moongate.dataplane.wire;

import java.util.function.LongSupplier;

/**
 * How many frames an HTTP/2 connection may send beside the bytes of its tunnels. Time refills it, and so does work
 * that needs such frames. So a connection that behaves never uses it up, however long it lives. Used on the
 * connection's event loop.
 *
 * <p>Resets are counted whichever side sends them: a client can make a server reset streams (CVE-2025-8671). A refused
 * request costs as much as a reset.
 */
public final class Http2Budget {
    /** Resets and refused requests at once. Each of the 100 streams of a connection may fail four times in a row. */
    public static final int RESETS = 400;

    public static final int RESETS_PER_SECOND = 20;

    /** Frames at once that carry no bytes of a tunnel: SETTINGS, PING, WINDOW_UPDATE, empty DATA and so on. */
    public static final int FRAMES = 4000;

    public static final int FRAMES_PER_SECOND = 200;

    /** What each DATA frame that the gateway sends adds: a client may answer it with WINDOW_UPDATE and PING. */
    public static final int FRAMES_PER_DATA = 4;

    /** What each request adds: HEADERS, an empty DATA frame with END_STREAM, WINDOW_UPDATE, PRIORITY. */
    public static final int FRAMES_PER_STREAM = 5;

    /** What can be added beyond {@link #FRAMES}: a client may send WINDOW_UPDATE for much DATA at once. */
    public static final int MOST_FRAMES = 10 * FRAMES;

    /** Bytes that wait for a client that does not read. DATA waits elsewhere: these are acknowledgements. */
    public static final int UNREAD_BYTES = 1024 * 1024;

    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final Runnable whenSpent;
    private double resets = RESETS;
    private double frames = FRAMES;
    private long last;
    private boolean spent;

    /** @param whenSpent called once */
    public Http2Budget(LongSupplier nanoTime, Runnable whenSpent) {
        this.nanoTime = nanoTime;
        this.whenSpent = whenSpent;
        this.last = nanoTime.getAsLong();
    }

    public boolean spent() {
        return spent;
    }

    /** A stream was reset, or a request refused. */
    public void reset() {
        refill();
        resets--;
        endIf(resets < 0);
    }

    public void frames(int count) {
        refill();
        frames -= count;
        endIf(frames < 0);
    }

    public void opened() {
        earn(FRAMES_PER_STREAM);
    }

    public void dataSent() {
        earn(FRAMES_PER_DATA);
    }

    /** Ends the connection for another reason than a count of frames. */
    public void spend() {
        endIf(true);
    }

    private void earn(int count) {
        frames = Math.min(MOST_FRAMES, frames + count);
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        double seconds = (now - last) / NANOS_PER_SECOND;
        last = now;
        resets = Math.min(RESETS, resets + seconds * RESETS_PER_SECOND);
        if (frames < FRAMES) {
            frames = Math.min(FRAMES, frames + seconds * FRAMES_PER_SECOND);
        }
    }

    private void endIf(boolean over) {
        if (over && !spent) {
            spent = true;
            whenSpent.run();
        }
    }
}
