package io.moongate.dataplane.record;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs exceptions that are defects of this program, with their cause. A client can repeat what causes one as fast as it
 * can connect, so each kind is logged once a minute. Never throws. Safe for use by all threads.
 */
public final class Defects {
    private static final Logger LOG = LoggerFactory.getLogger(Defects.class);
    private static final long INTERVAL_NANOS = 60_000_000_000L;
    private static final int MOST_KINDS = 100;

    private final LongSupplier nanoTime;
    // By class and place: what has been logged, and how many have come since.
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    private record Kind(long loggedNanos, long since) {}

    public Defects() {
        this(System::nanoTime);
    }

    Defects(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public void report(Throwable cause) {
        try {
            String kind = kind(cause);
            if (kinds.size() >= MOST_KINDS && !kinds.containsKey(kind)) {
                kind = "other";
            }
            long now = nanoTime.getAsLong();
            long[] notLogged = {-1};
            kinds.compute(kind, (k, old) -> {
                if (old != null && now - old.loggedNanos < INTERVAL_NANOS) {
                    return new Kind(old.loggedNanos, old.since + 1);
                }
                notLogged[0] = old == null ? 0 : old.since;
                return new Kind(now, 0);
            });
            if (notLogged[0] >= 0) {
                LOG.error(
                        "internal error; {} more of this kind since it was last logged, each ended one request",
                        notLogged[0],
                        cause);
            }
        } catch (RuntimeException | Error outOfMemory) {
            // What reports a failure must not cause another one: the client still needs its answer.
        }
    }

    /** Runs one of several actions: a failure of one must not keep the others from running. */
    public void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable defect) {
            report(defect);
        }
    }

    private static String kind(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return cause.getClass().getName() + (stack.length > 0 ? " at " + stack[0] : "");
    }
}
