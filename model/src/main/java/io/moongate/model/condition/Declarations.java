package io.moongate.model.condition;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Shoot's status declares of the unified port: gardenlet by a constraint, Moongate by a condition. */
public record Declarations(Optional<Declaration> condition, Optional<Declaration> constraint) {
    public static final Declarations NONE = new Declarations(Optional.empty(), Optional.empty());

    /**
     * The entry that counts: one that is True, else the condition, else the constraint. A constraint of Moongate itself
     * is only the memory of its condition, and counts where the condition is absent.
     */
    public Optional<Declaration> counted() {
        Optional<Declaration> owners = anothersConstraint().filter(Declaration::isTrue);
        if (owners.isPresent() || condition.isEmpty()) {
            return owners.or(() -> constraint);
        }
        return condition;
    }

    /** Whether either declares that the shoot uses the unified port. */
    public boolean isTrue() {
        return counted().filter(Declaration::isTrue).isPresent();
    }

    /** One says True and the other False. Unknown contradicts nothing. */
    public boolean disagree() {
        return condition.isPresent()
                && anothersConstraint()
                        .filter(c -> (c.isTrue() && condition.get().isFalse())
                                || (c.isFalse() && condition.get().isTrue()))
                        .isPresent();
    }

    /** The constraint of another author: Moongate never changes it. */
    public Optional<Declaration> anothersConstraint() {
        return constraint.filter(c -> !c.isMoongates());
    }

    /** The condition of another author: Moongate never changes it. */
    public Optional<Declaration> anothersCondition() {
        return condition.filter(c -> !c.isMoongates());
    }

    public List<Declaration> all() {
        return Stream.concat(condition.stream(), constraint.stream()).toList();
    }
}
