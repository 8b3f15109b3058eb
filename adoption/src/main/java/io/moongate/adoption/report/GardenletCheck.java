package io.moongate.adoption.report;

import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.landscape.LastOperation;
import io.moongate.model.landscape.Shoot;
import java.util.Optional;

/**
 * What gardenlet says of one shoot when it starts with {@code RemoveHTTPProxyLegacyPort}. One refusal ends its start, with
 * an error that does not name the shoot. The rules are gardenlet's, not ours: it asks for the constraint alone.
 *
 * @param why the result, for people
 */
public record GardenletCheck(Result result, String why) {
    /** Names are API. */
    public enum Result {
        /** It has the constraint. */
        Passes,
        /** gardenlet does not ask it. */
        Skipped,
        /** gardenlet does not start because of it. */
        Refuses
    }

    static GardenletCheck of(Shoot shoot) {
        Optional<LastOperation> last = shoot.lastOperation();
        if (shoot.traits().workerless()) {
            return skipped("it has no workers");
        }
        if (last.isEmpty()) {
            return skipped("it has no last operation yet");
        }
        if (last.get().isUnfinished("Create")) {
            return skipped("it is being created");
        }
        if (last.get().isUnfinished("Delete")) {
            return skipped("it is being deleted");
        }
        Optional<Declaration> constraint = shoot.declared().constraint();
        if (constraint.filter(Declaration::isTrue).isPresent()) {
            return new GardenletCheck(Result.Passes, "its constraint " + Condition.CONSTRAINT + " is True");
        }
        return new GardenletCheck(
                Result.Refuses,
                "gardenlet with RemoveHTTPProxyLegacyPort would not start: the constraint " + Condition.CONSTRAINT
                        + " is "
                        + constraint.map(c -> c.status().name()).orElse("missing")
                        + "; let gardenlet reconcile the shoot");
    }

    private static GardenletCheck skipped(String why) {
        return new GardenletCheck(Result.Skipped, why);
    }
}
