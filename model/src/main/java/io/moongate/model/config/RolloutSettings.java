package io.moongate.model.config;

import java.time.Duration;

/** How carefully the operator moves shoots from one port to the other; only where it manages their components. */
public record RolloutSettings(
        @Parameter(value = "10", doc = "Shoots that are moved at the same time.", min = 1, max = 1000)
        int maxConcurrent,

        @Parameter(
                value = "3",
                doc =
                        "After so many shoots that failed and were returned to the legacy port no further one is moved, until somebody confirms. 0 never stops.",
                min = 0)
        int stopAfterFailures,

        @Parameter(
                value = "10m",
                doc = "A shoot whose move makes no progress for so long is returned to the legacy port.",
                min = 1)
        Duration progressDeadline,

        @Parameter(
                value = "2m",
                doc =
                        "Time for the probe of the unified port, a short-lived Job in the shoot, its image's pull included.",
                min = 1)
        Duration probeTimeout,

        @Parameter(
                value = "Skip",
                doc =
                        "What becomes of a shoot in which no probe could run: `Skip` leaves it where it is, `Proceed` moves it unprobed.")
        Unprobed onUnprobed) {
    /** What becomes of a shoot in which no probe could run. */
    public enum Unprobed {
        Skip,
        Proceed
    }
}
