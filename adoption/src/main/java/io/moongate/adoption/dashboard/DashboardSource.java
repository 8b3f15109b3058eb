package io.moongate.adoption.dashboard;

import io.moongate.adoption.report.MergedReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where the dashboard has its knowledge from: this process, or others. Called by many threads at once. */
public interface DashboardSource {
    /** What is known now. */
    Look look();

    /** For how long one look is good enough: however many look at once, it is asked no more often. */
    default Duration freshFor() {
        return Duration.ofSeconds(1);
    }

    /** How many shoots there were of each finding, hour by hour, oldest first: {@code {hour, findings}}. */
    List<Map<?, ?>> history() throws IOException;

    /** The use of both ports, day by day, oldest first: {@code {day, entrance, setUps, bytesIn, bytesOut}}. */
    List<Map<?, ?>> days(String shoot) throws IOException;

    /**
     * One moment.
     *
     * @param legacyPorts what {@code /legacy-port} says, by the name of who says it
     * @param failures who could not be asked, and why
     */
    record Look(MergedReport report, Map<String, Map<?, ?>> legacyPorts, List<String> failures) {
        public Look {
            legacyPorts = Map.copyOf(legacyPorts);
            failures = List.copyOf(failures);
        }
    }
}
