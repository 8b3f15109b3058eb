package io.moongate.adoption.accesslog;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many records per second; what was not used in the last ten seconds may be used at once. Safe for all threads. */
final class RecordBudget {
    private static final int BURST_SECONDS = 10;

    private final double perNano;
    private final double most;
    private final LongSupplier nanos;
    private double left;
    private long at;

    RecordBudget(int perSecond, LongSupplier nanos) {
        this.perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
        this.most = (double) perSecond * BURST_SECONDS;
        this.nanos = nanos;
        this.left = most;
        this.at = nanos.getAsLong();
    }

    /** Whether there were so many left; then they are used. */
    synchronized boolean take(int records) {
        long now = nanos.getAsLong();
        left = Math.min(most, left + (now - at) * perNano);
        at = now;
        if (records > left) {
            return false;
        }
        left -= records;
        return true;
    }
}
