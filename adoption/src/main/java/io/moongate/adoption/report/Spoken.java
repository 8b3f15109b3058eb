package io.moongate.adoption.report;

import java.time.Duration;

/** Times as people say them. */
public final class Spoken {
    private Spoken() {}

    /** The two largest units, as in {@code 6 d 23 h}; empty for none at all. */
    public static String of(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.isZero()) {
            return "";
        }
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        return time.toHours() > 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
}
