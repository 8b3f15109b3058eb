package io.moongate.model.landscape;

/**
 * What was last done to a shoot, as its {@code status.lastOperation} has it.
 *
 * @param type such as {@code Create}, {@code Reconcile}, {@code Delete}; empty where it has none
 * @param state such as {@code Processing}, {@code Succeeded}; empty where it has none
 */
public record LastOperation(String type, String state) {
    /** Whether this type of operation has begun and not succeeded yet. */
    public boolean isUnfinished(String wanted) {
        return type.equals(wanted) && !state.equals("Succeeded");
    }
}
