package io.moongate.model.config;

import io.moongate.model.landscape.ShootKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How the legacy port is removed, once nothing blocks it. */
public record RemovalSettings(
        @Parameter(
                value = "5m",
                doc = "Tunnels that are still up on the legacy port are closed evenly over this time.",
                min = 0)
        Duration pace,

        @Parameter(
                value = "168h",
                doc =
                        "For so long `legacy-port restore` is sure to bring the legacy port back; only later can the removal be made final.",
                min = 1)
        Duration rollbackWindow,

        @Parameter(value = "[]", doc = "Shoots that do not block the removal, although their tunnels end with it.")
        List<Exemption> exemptions) {
    public RemovalSettings {
        exemptions = List.copyOf(exemptions);
        long shoots = exemptions.stream().map(Exemption::shoot).distinct().count();
        if (shoots != exemptions.size()) {
            throw new IllegalArgumentException("a shoot has more than one entry in removal.exemptions; keep one");
        }
    }

    /** Somebody answers for a shoot that may be cut off. */
    public record Exemption(
            @Parameter(doc = "The shoot, as `namespace/name`.", required = true)
            ShootKey shoot,

            @Parameter(doc = "Who answers for it: a person or a team that can be asked.", required = true)
            String owner,

            @Parameter(doc = "Why it may be cut off.", required = true)
            String reason,

            @Parameter(
                    doc = "When it ends, as `2026-12-31T00:00:00Z`. From then on the shoot blocks again.",
                    required = true)
            Instant expires) {
        public Exemption {
            if (owner.isBlank() || reason.isBlank()) {
                throw new IllegalArgumentException(
                        "the exemption of " + shoot + " names no owner or no reason; give both");
            }
        }
    }
}
