package io.moongate.model.condition;

import java.util.Optional;

/** What a Shoot's status says about the unified port: our two entries; empty means that there is none. */
public record Adoption(Optional<Condition> condition, Optional<Condition> constraint) {
    public static final Adoption ABSENT = new Adoption(Optional.empty(), Optional.empty());

    public boolean isTrue() {
        return condition.filter(c -> c.status() == Condition.Status.True).isPresent();
    }

    /** The constraint outlives every Unknown: it goes only when the shoot is seen, or meant, to be back. */
    public boolean wasTrue() {
        return isTrue() || constraint.isPresent();
    }
}
