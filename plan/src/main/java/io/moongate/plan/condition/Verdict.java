package io.moongate.plan.condition;

import io.moongate.model.condition.Condition;
import java.util.Optional;

/** The two entries in a Shoot's status; empty means that there is none. */
public record Verdict(Optional<Condition> condition, Optional<Condition> constraint) {
    public static final Verdict ABSENT = new Verdict(Optional.empty(), Optional.empty());

    boolean isTrue() {
        return condition.filter(c -> c.status() == Condition.Status.True).isPresent();
    }

    /** The constraint outlives every Unknown: it goes only when the shoot is seen, or meant, to be back. */
    boolean wasTrue() {
        return isTrue() || constraint.isPresent();
    }
}
