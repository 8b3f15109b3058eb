package io.moongate.adoption.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** However many look at once, the source is asked once a second. */
final class CachedSource implements DashboardSource {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final DashboardSource source;
    private @Nullable Look last;
    private long at;

    CachedSource(DashboardSource source) {
        this.source = source;
    }

    @Override
    public synchronized Look look() {
        Look known = last;
        if (known != null && System.nanoTime() - at < FRESH_NANOS) {
            return known;
        }
        Look look = source.look();
        last = look;
        at = System.nanoTime();
        return look;
    }

    @Override
    public List<Map<?, ?>> history() throws IOException {
        return source.history();
    }

    @Override
    public List<Map<?, ?>> days(String shoot) throws IOException {
        return source.days(shoot);
    }
}
