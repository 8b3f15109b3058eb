package io.moongate.adoption.report;

import io.moongate.model.condition.Lifecycle;
import io.moongate.model.landscape.Shoot;

/** What kind of shoot it is to whoever wants to close the legacy port. Names are API. */
public enum ShootClass {
    Active(false),
    /** Its clients are still to come. */
    Creating(false),
    /** It has no clients while it sleeps, and wakes up with those it fell asleep with. */
    Hibernated(false),
    /** It has no clients. */
    Workerless(false),
    /** It will not have clients for long. */
    Deleting(false),
    Failed(true),
    InvalidCredentials(true),
    Ignored(true),
    Migrating(true);

    private final boolean stuck;

    ShootClass(boolean stuck) {
        this.stuck = stuck;
    }

    /** Nobody could change its clients, whatever they turn out to need. */
    public boolean isStuck() {
        return stuck;
    }

    /** The first that holds, of those that say most about its clients. */
    static ShootClass of(Shoot shoot) {
        Shoot.Traits traits = shoot.traits();
        if (traits.workerless()) {
            return Workerless;
        }
        return switch (traits.lifecycle()) {
            case DELETING -> Deleting;
            case MIGRATING -> Migrating;
            case IGNORED -> Ignored;
            case HIBERNATED, ACTIVE ->
                switch (traits.standing()) {
                    case FAILED -> Failed;
                    case INVALID_CREDENTIALS -> InvalidCredentials;
                    case CREATING -> Creating;
                    case SETTLED -> traits.lifecycle() == Lifecycle.HIBERNATED ? Hibernated : Active;
                };
        };
    }
}
