package io.moongate.model.condition;

import java.time.Instant;
import java.util.Optional;

/**
 * What a Shoot's status declares of the unified port, whoever has written it: the operator, the gardenlet, or the person who
 * has rolled out the shoot's clients. Taken as it is; the strict form of what we write ourselves is {@link Condition}.
 *
 * @param reason in the writer's words; empty where there is none
 * @param since when the status last changed; empty where nobody says
 */
public record Declaration(Condition.Status status, String reason, String message, Optional<Instant> since) {
    public boolean isTrue() {
        return status == Condition.Status.True;
    }
}
