package io.moongate.adoption.removal;

import io.moongate.model.removal.LegacyPort;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has decided about the legacy port, or wanted to.
 *
 * @param who a person's name as they gave it, or the feature gate
 * @param evidence what was known then, as JSON
 */
public record Decision(Instant at, Action action, String who, String evidence) {
    /** Names are API. */
    public enum Action {
        /** Somebody wanted to remove it, and was told what blocks. */
        Refused(null),
        Removed(LegacyPort.Removed),
        Restored(LegacyPort.Open),
        RemovedForGood(LegacyPort.RemovedForGood);

        private final Optional<LegacyPort> result;

        Action(@Nullable LegacyPort result) {
            this.result = Optional.ofNullable(result);
        }

        /** What the legacy port is after it; empty where nothing changed. */
        public Optional<LegacyPort> result() {
            return result;
        }
    }
}
