package io.moongate.model.config;

import java.time.Duration;

/** What is kept of real tunnels, and how much of it decides about the legacy port. */
public record EvidenceSettings(
        @Parameter(
                value = "168h",
                doc = "A shoot that was seen on the legacy port within so long still uses it.",
                min = 1)
        Duration window,

        @Parameter(value = "2160h", doc = "How far back evidence is kept; at least `window`.", min = 1)
        Duration retention,

        @Parameter(
                value = "Now",
                doc =
                        "With `ownership.evidence: Manage`: when an ingress gateway gets its EnvoyFilter. `Now`: when a person has confirmed that it drains the gateway's tunnels, once. `NextRollout`: for the new pods of the gateway's next rollout, so that it drains nothing.")
        Attach attach,

        @Parameter(doc = "Evidence from Envoys that serve the ports instead of our own gateway.")
        AccessLogServiceSettings accessLogService) {
    /** When a listener that serves tunnels begins to report them. */
    public enum Attach {
        Now,
        NextRollout
    }

    public EvidenceSettings {
        if (retention.compareTo(window) < 0) {
            throw new IllegalArgumentException(
                    "evidence.retention is shorter than evidence.window; make it at least as long");
        }
    }
}
