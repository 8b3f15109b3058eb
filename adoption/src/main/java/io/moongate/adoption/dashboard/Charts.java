package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers to places in an SVG of {@link #WIDTH} by {@link #HEIGHT}. */
final class Charts {
    static final int WIDTH = 720;
    static final int HEIGHT = 160;

    private static final Set<String> BLOCKING = Arrays.stream(Finding.values())
            .filter(Finding::blocks)
            .map(Finding::name)
            .collect(Collectors.toUnmodifiableSet());
    /** Hours that are further apart have a gap between them: nobody counted. */
    private static final Duration STEP = Duration.ofMinutes(90);

    private static final int DAYS = 30;

    private Charts() {}

    /** One point in time of the burn-down. */
    record Burn(Instant hour, long shoots, long blocking) {}

    /** A line with the points that it goes through, and what a reader without eyes for it needs. */
    record BurnDown(List<String> blocking, List<String> shoots, long most, List<Burn> points) {}

    static BurnDown burnDown(List<Map<?, ?>> history) {
        List<Burn> points = history.stream().map(Charts::burn).toList();
        if (points.isEmpty()) {
            return new BurnDown(List.of(), List.of(), 0, List.of());
        }
        long most = Math.max(1, points.stream().mapToLong(Burn::shoots).max().orElse(1));
        return new BurnDown(lines(points, most, Burn::blocking), lines(points, most, Burn::shoots), most, points);
    }

    private static Burn burn(Map<?, ?> hour) {
        long all = 0;
        long blocking = 0;
        if (hour.get("findings") instanceof Map<?, ?> findings) {
            for (var finding : findings.entrySet()) {
                long count = finding.getValue() instanceof Number n ? n.longValue() : 0;
                all += count;
                blocking += BLOCKING.contains(String.valueOf(finding.getKey())) ? count : 0;
            }
        }
        return new Burn(Instant.parse(String.valueOf(hour.get("hour"))), all, blocking);
    }

    /** One line for each stretch without a gap. */
    private static List<String> lines(List<Burn> points, long most, ToLongFunction<Burn> value) {
        Instant first = points.getFirst().hour();
        double span =
                Math.max(1, Duration.between(first, points.getLast().hour()).toSeconds());
        var lines = new ArrayList<String>();
        var line = new ArrayList<String>();
        Instant before = first;
        for (Burn point : points) {
            if (Duration.between(before, point.hour()).compareTo(STEP) > 0) {
                lines.add(String.join(" ", line));
                line.clear();
            }
            double x = Duration.between(first, point.hour()).toSeconds() / span * WIDTH;
            double y = HEIGHT - (double) value.applyAsLong(point) / most * HEIGHT;
            line.add(tenths(x) + "," + tenths(y));
            before = point.hour();
        }
        lines.add(String.join(" ", line));
        return lines;
    }

    /** A picture of so many points is not more exact than that. */
    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    /** One day of a shoot's timeline: set-ups on both ports, with the heights of their bars. */
    record Bar(String day, int x, long unified, int unifiedHeight, long legacy, int legacyHeight) {}

    /** The last thirty days, used or not. */
    static List<Bar> timeline(List<Map<?, ?>> days, Instant now) {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        var setUps = new LinkedHashMap<String, Long>();
        for (Map<?, ?> day : days) {
            // Of a shoot that has migrated two seeds tell, also of the same day.
            setUps.merge(
                    day.get("day") + " " + day.get("entrance"),
                    day.get("setUps") instanceof Number n ? n.longValue() : 0L,
                    Long::sum);
        }
        long most = Math.max(
                1, setUps.values().stream().mapToLong(Long::longValue).max().orElse(1));
        var bars = new ArrayList<Bar>();
        for (int i = 0; i < DAYS; i++) {
            LocalDate day = today.minusDays(DAYS - 1L - i);
            Long unified = setUps.get(day + " UNIFIED");
            Long legacy = setUps.get(day + " LEGACY");
            bars.add(new Bar(
                    day.toString(),
                    i * WIDTH / DAYS,
                    number(unified),
                    height(unified, most),
                    number(legacy),
                    height(legacy, most)));
        }
        return bars;
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    /** A day on which bytes passed, but no tunnel was set up, is seen as well. */
    private static int height(@Nullable Long value, long most) {
        return value == null ? 0 : Math.max(3, (int) (value * HEIGHT / 2 / most));
    }
}
