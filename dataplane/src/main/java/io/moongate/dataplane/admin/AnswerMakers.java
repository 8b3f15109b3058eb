package io.moongate.dataplane.admin;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that make what an admin endpoint does not answer at once, one answer at a time each: pages for people,
 * metrics, and changes. What they have made and readers have not read yet is bounded in sum: a page waits until there
 * is room, and is not sent where there is none in time. Metrics are sent always: the oldest reader makes room.
 */
final class AnswerMakers implements AutoCloseable {
    /** Answers that wait for their readers are together at most this part of the heap: pages, and metrics. */
    static final int PAGES_PART = 16;

    static final int METRICS_PART = 32;
    /** Pages that wait to be made. */
    static final int MOST_QUEUED = 16;
    /** A page that is made waits so long for room. */
    static final int ROOM_SECONDS = 10;
    /** In bytes; what is smaller is not counted. */
    static final int SMALL = 16 * 1024;

    private static final int UNIT = 1024;

    private final Executor pages;
    private final Executor scrapes;
    private final Executor changes;
    private final AtomicInteger queued = new AtomicInteger();
    private final int units;
    private final Semaphore room;
    private final long mostOfScrapes;
    private final Deque<Reader> readers = new ArrayDeque<>();
    private long read;

    private record Reader(Channel channel, int bytes) {}

    /** @param heap of the process, in bytes */
    AnswerMakers(long heap) {
        this(heap, thread("admin-pages"), thread("admin-metrics"), thread("admin-changes"));
    }

    AnswerMakers(long heap, Executor pages, Executor scrapes, Executor changes) {
        this.pages = pages;
        this.scrapes = scrapes;
        this.changes = changes;
        units = Math.toIntExact(Math.max(1, heap / PAGES_PART / UNIT));
        room = new Semaphore(units, true);
        mostOfScrapes = heap / METRICS_PART;
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** False where too many pages wait already. */
    boolean page(Runnable make) {
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            return false;
        }
        pages.execute(() -> {
            try {
                make.run();
            } finally {
                queued.decrementAndGet();
            }
        });
        return true;
    }

    void scrape(Runnable make) {
        scrapes.execute(make);
    }

    void change(Runnable make) {
        changes.execute(make);
    }

    /** Waits until there is room for this page, as long as its reader is connected; false where there is none. */
    boolean enterPage(Channel reader, int bytes) {
        if (bytes <= SMALL) {
            return true;
        }
        // One that is larger than all the room is sent alone.
        int needed = Math.min(units, (bytes + UNIT - 1) / UNIT);
        try {
            if (!room.tryAcquire(needed, ROOM_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        reader.closeFuture().addListener(closed -> room.release(needed));
        return true;
    }

    /** Makes room for metrics. */
    synchronized void enterScrape(Channel reader, int bytes) {
        if (bytes <= SMALL) {
            return;
        }
        while (read + bytes > mostOfScrapes && !readers.isEmpty()) {
            Reader oldest = readers.removeFirst();
            read -= oldest.bytes();
            oldest.channel().close();
        }
        var entered = new Reader(reader, bytes);
        readers.addLast(entered);
        read += bytes;
        reader.closeFuture().addListener(closed -> leave(entered));
    }

    private synchronized void leave(Reader reader) {
        if (readers.remove(reader)) {
            read -= reader.bytes();
        }
    }

    @Override
    public void close() {
        for (Executor thread : List.of(pages, scrapes, changes)) {
            if (thread instanceof ExecutorService ours) {
                ours.shutdownNow();
            }
        }
    }
}
