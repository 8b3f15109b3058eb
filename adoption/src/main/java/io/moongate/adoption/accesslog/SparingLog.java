package io.moongate.adoption.accesslog;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many lines clients may cause: more than a landscape's start needs, fewer than fill a disk. Safe for all threads. */
final class SparingLog {
    private static final int LINES = 500;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int LONGEST = 120;

    private final LongSupplier nanos;
    private int lines;
    private long since;

    SparingLog(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    synchronized boolean mayWrite() {
        long now = nanos.getAsLong();
        if (now - since >= MINUTE) {
            since = now;
            lines = 0;
        }
        return ++lines <= LINES;
    }

    /** A client's text as part of one line. */
    static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
