package io.moongate.adoption.report;

import java.time.Duration;

/** Times as people say them. */
public final class Spoken {
    private Spoken() {}

    /** The two largest units, as in {@code 6 d 23 h}, {@code 7 d} or {@code 28 s}; empty for none at all. */
    public static String of(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.toDays() > 0) {
            return both(time.toDays(), "d", time.toHoursPart(), "h");
        }
        return time.toHours() > 0
                ? both(time.toHours(), "h", time.toMinutesPart(), "min")
                : both(time.toMinutes(), "min", time.toSecondsPart(), "s");
    }

    private static String both(long large, String unit, int small, String smallUnit) {
        String first = large == 0 ? "" : large + " " + unit;
        String second = small == 0 ? "" : small + " " + smallUnit;
        return (first + " " + second).strip();
    }
}
