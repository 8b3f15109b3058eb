package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.MergedReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** Tells open pages that something has changed, by server-sent events. What it is they fetch themselves. */
final class Viewers {
    private static final int AT_MOST = 200;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Proxies and browsers give up on what is silent for long. */
    private static final int SILENT_LOOKS = 15;

    private final DashboardSource source;
    private final Semaphore places = new Semaphore(AT_MOST);
    private volatile boolean closed;

    Viewers(DashboardSource source) {
        this.source = source;
    }

    /** Whether there is a place; it is given back by {@link #tell}. */
    boolean enter() {
        return places.tryAcquire();
    }

    /** Until the viewer goes. */
    void tell(OutputStream out) throws IOException {
        try {
            int before = essence(source.look());
            int silent = 0;
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (!closed) {
                Thread.sleep(LOOK_EVERY);
                int now = essence(source.look());
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

    /** Bytes and times change all the time; a page shows them anew when something else does. */
    private static int essence(DashboardSource.Look look) {
        int essence = Objects.hash(look.failures(), look.report().rows().size());
        for (MergedReport.Row row : look.report().rows()) {
            essence = 31 * essence
                    + Objects.hash(row.shoot(), row.finding(), row.declared(), row.up("legacy"), row.up("unified"));
        }
        for (var port : look.legacyPorts().values()) {
            essence = 31 * essence + Objects.hash(port.get("port"), port.get("tunnels"), port.get("removable"));
        }
        return essence;
    }

    void close() {
        closed = true;
    }
}
