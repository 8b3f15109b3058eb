package io.moongate.operator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When a pass is due although nothing has changed: what failed is tried again after a while that grows, with jitter. */
final class Retry {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Instant at = Instant.MAX;
    private int failures;

    boolean isDue(Instant now) {
        return !now.isBefore(at);
    }

    /** @param next when a pass that went well wants another */
    void after(boolean well, Optional<Instant> next, Instant now) {
        failures = well ? 0 : failures + 1;
        at = well ? next.orElse(Instant.MAX) : now.plus(backOff());
    }

    private Duration backOff() {
        long longest = Math.min(LONGEST.toMillis(), 1000L << Math.min(failures, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }
}
