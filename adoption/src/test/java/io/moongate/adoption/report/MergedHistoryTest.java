package io.moongate.adoption.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A landscape's burn-down: a seed that did not count neither dips the line nor helps it. */
class MergedHistoryTest {
    private static final String ONE = "2026-11-24T01:00:00Z";
    private static final String TWO = "2026-11-24T02:00:00Z";
    private static final String FOUR = "2026-11-24T04:00:00Z";

    @Test
    void hoursAreSummedUp() {
        assertThat(MergedHistory.of(List.of(
                        List.of(hour(ONE, Map.of("Moved", 2L, "NotMoved", 1L))),
                        List.of(hour(ONE, Map.of("Moved", 3L))))))
                .isEqualTo(List.of(hour(ONE, Map.of("Moved", 5L, "NotMoved", 1L))));
    }

    @Test
    void whoDidNotCountIsNotObserved() {
        assertThat(MergedHistory.of(List.of(
                        List.of(hour(ONE, Map.of("Moved", 2L)), hour(FOUR, Map.of("Moved", 2L))),
                        List.of(hour(ONE, Map.of("Moved", 3L)), hour(TWO, Map.of("Moved", 3L))))))
                .isEqualTo(List.of(
                        hour(ONE, Map.of("Moved", 5L)),
                        hour(TWO, Map.of("Moved", 3L, "NotObserved", 2L)),
                        hour(FOUR, Map.of("Moved", 5L))));
    }

    @Test
    void whoHasBeenAwayIsNotTakenForOneThatIsLateInTheLastHour() {
        assertThat(MergedHistory.of(List.of(
                        List.of(hour(ONE, Map.of("Moved", 2L))),
                        List.of(hour(ONE, Map.of("Moved", 3L)), hour(TWO, Map.of("Moved", 3L)), hour(FOUR, Map.of())))))
                .last()
                .isEqualTo(hour(FOUR, Map.of("NotObserved", 2L)));
    }

    @Test
    void aSeedThatCameLaterAddsNothingBefore() {
        assertThat(MergedHistory.of(
                        List.of(List.of(hour(ONE, Map.of("Moved", 2L))), List.of(hour(TWO, Map.of("Moved", 3L))))))
                .isEqualTo(List.of(hour(ONE, Map.of("Moved", 2L)), hour(TWO, Map.of("Moved", 5L))));
    }

    private static Map<?, ?> hour(String hour, Map<String, Long> findings) {
        return Map.of("hour", hour, "findings", findings);
    }
}
