package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.MergedReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** However many look at once, the source is asked when its last look is no longer fresh. */
final class CachedSource implements DashboardSource {
    private final DashboardSource source;
    private @Nullable Look last;
    private int essence;
    private long at;

    CachedSource(DashboardSource source) {
        this.source = source;
    }

    @Override
    public synchronized Look look() {
        Look known = last;
        if (known != null && System.nanoTime() - at < source.freshFor().toNanos()) {
            return known;
        }
        Look look = source.look();
        last = look;
        essence = essence(look);
        at = System.nanoTime();
        return look;
    }

    /** The next look is a new one. */
    synchronized void forget() {
        last = null;
    }

    /** Something else when there is something new to see. */
    synchronized int essence() {
        look();
        return essence;
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

    @Override
    public List<Map<?, ?>> history() throws IOException {
        return source.history();
    }

    @Override
    public List<Map<?, ?>> days(String shoot) throws IOException {
        return source.days(shoot);
    }
}
