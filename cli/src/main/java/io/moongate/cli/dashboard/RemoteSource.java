package io.moongate.cli.dashboard;

import io.moongate.adoption.dashboard.DashboardSource;
import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.AdminClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Knows what the admin endpoints of running moongates tell. */
final class RemoteSource implements DashboardSource, AutoCloseable {
    private final AdminClient client = new AdminClient();
    private final List<String> admins;

    RemoteSource(List<String> admins) {
        this.admins = List.copyOf(admins);
    }

    @Override
    public Look look() {
        var reports = new ArrayList<Map<?, ?>>();
        var ports = new LinkedHashMap<String, Map<?, ?>>();
        var failures = new ArrayList<String>();
        for (String admin : admins) {
            try {
                reports.add(get(admin, "/adoption"));
                ports.put(admin, get(admin, "/legacy-port"));
            } catch (IOException e) {
                failures.add(admin + " cannot be asked (" + e.getMessage() + ")");
            }
        }
        return new Look(MergedReport.of(reports), ports, failures);
    }

    /** Summed up: an hour in which one of them did not count is left out, or the line would dip. */
    @Override
    public List<Map<?, ?>> history() throws IOException {
        var hours = new TreeMap<String, List<Map<?, ?>>>();
        for (String admin : admins) {
            for (Map<?, ?> hour : maps(get(admin, "/adoption/history").get("hours"))) {
                hours.computeIfAbsent(String.valueOf(hour.get("hour")), h -> new ArrayList<>())
                        .add(hour);
            }
        }
        var merged = new ArrayList<Map<?, ?>>();
        hours.forEach((hour, parts) -> {
            if (parts.size() == admins.size()) {
                merged.add(Map.of("hour", hour, "findings", sum(parts)));
            }
        });
        return merged;
    }

    private static Map<String, Long> sum(List<Map<?, ?>> parts) {
        var findings = new TreeMap<String, Long>();
        for (Map<?, ?> part : parts) {
            if (part.get("findings") instanceof Map<?, ?> counts) {
                counts.forEach((finding, count) -> findings.merge(
                        String.valueOf(finding), count instanceof Number n ? n.longValue() : 0L, Long::sum));
            }
        }
        return findings;
    }

    @Override
    public List<Map<?, ?>> days(String shoot) throws IOException {
        var days = new ArrayList<Map<?, ?>>();
        for (String admin : admins) {
            days.addAll(maps(get(admin, "/adoption/days/" + shoot).get("days")));
        }
        return days;
    }

    private Map<?, ?> get(String admin, String path) throws IOException {
        try {
            return client.get(admin, path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the dashboard ends", e);
        }
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        return list instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(item -> (Map<?, ?>) item)
                        .toList()
                : List.of();
    }

    @Override
    public void close() {
        client.close();
    }
}
