package io.moongate.adoption.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Tells open pages that something has changed, by server-sent events. What it is they fetch themselves. */
final class Viewers {
    private static final int AT_MOST = 200;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Proxies and browsers give up on what is silent for long. */
    private static final int SILENT_LOOKS = 15;

    private final CachedSource source;
    private final Semaphore places = new Semaphore(AT_MOST);
    private volatile boolean closed;

    Viewers(CachedSource source) {
        this.source = source;
    }

    /** Whether there is a place; it is given back by {@link #tell}. */
    boolean enter() {
        return places.tryAcquire();
    }

    /** Until the viewer goes. */
    void tell(OutputStream out) throws IOException {
        try {
            int before = source.essence();
            int silent = 0;
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!closed) {
                Thread.sleep(LOOK_EVERY);
                int now = source.essence();
                silent++;
                if (now != before) {
                    out.write(("event: change\ndata: " + now + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    silent = 0;
                } else if (silent >= SILENT_LOOKS) {
                    out.write(": nothing new\n\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    silent = 0;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    void close() {
        closed = true;
    }
}
