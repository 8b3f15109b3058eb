package io.moongate.adoption.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the dashboard answers. Few pages are made at once, and those that browsers have not read yet are bounded in
 * sum: a page waits until there is room, and is refused where there is none in time. Safe for use by all threads.
 */
final class AnswerSender {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerSender.class);

    /** Pages that browsers have not read yet are together at most this part of the heap. */
    static final int PAGES_PART = 16;
    /** Pages that are made at the same time. */
    static final int MADE_AT_ONCE = 4;
    /** A request waits so long for its turn, and its page for room. */
    static final int ROOM_SECONDS = 10;
    /** A browser that takes nothing for so long loses its connection. */
    static final int STALL_SECONDS = 5;

    /** In bytes; what is smaller is not counted. */
    private static final int SMALL = 16 * 1024;

    private static final int UNIT = 1024;
    private static final int PIECE = 64 * 1024;

    private final ScheduledExecutorService clock;
    private final Semaphore turns = new Semaphore(MADE_AT_ONCE, true);
    private final int units;
    private final Semaphore room;

    /**
     * @param clock ends what takes too long
     * @param heap of the process, in bytes
     */
    AnswerSender(ScheduledExecutorService clock, long heap) {
        this.clock = clock;
        units = Math.toIntExact(Math.max(1, heap / PAGES_PART / UNIT));
        room = new Semaphore(units, true);
    }

    /** Makes a page. */
    interface Maker {
        Page make() throws IOException;
    }

    record Page(int status, String html) {}

    /** False, and nothing sent, where there is no place for a page now. */
    boolean page(HttpExchange exchange, Maker maker) throws IOException {
        if (!enter(turns, 1)) {
            return false;
        }
        Page page;
        byte[] body;
        try {
            page = maker.make();
            body = page.html().getBytes(StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException | Error e) {
            LOG.error(
                    "the dashboard could not make {}", exchange.getRequestURI().getPath(), e);
            text(exchange, 500, "this page could not be made; the log says why");
            return true;
        } finally {
            turns.release();
        }
        // One that is larger than all the room is sent alone.
        int needed = body.length <= SMALL ? 0 : Math.min(units, (body.length + UNIT - 1) / UNIT);
        if (!enter(room, needed)) {
            return false;
        }
        try {
            send(exchange, page.status(), "text/html; charset=utf-8", body);
        } finally {
            room.release(needed);
        }
        return true;
    }

    private static boolean enter(Semaphore places, int number) {
        try {
            return places.tryAcquire(number, ROOM_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void busy(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", Integer.toString(ROOM_SECONDS));
        text(exchange, 503, "too many pages are asked for at once; try again in " + ROOM_SECONDS + " s");
    }

    void text(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        OutputStream out = exchange.getResponseBody();
        // The JDK's server writes on this thread and waits for the browser. To interrupt it closes the connection.
        Thread writer = Thread.currentThread();
        for (int written = 0; written < body.length; written += PIECE) {
            Future<?> end = clock.schedule(writer::interrupt, STALL_SECONDS, TimeUnit.SECONDS);
            out.write(body, written, Math.min(PIECE, body.length - written));
            end.cancel(false);
        }
    }
}
