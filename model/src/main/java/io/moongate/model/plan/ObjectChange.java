package io.moongate.model.plan;

import java.util.Optional;

/**
 * What would become of one object.
 *
 * @param before empty: it is new
 * @param after empty: it goes; never both
 * @param note for people, what that means; may be empty
 */
public record ObjectChange(Optional<ClusterObject> before, Optional<ClusterObject> after, String note) {
    public String verb() {
        if (before.isEmpty()) {
            return "create";
        }
        return after.isEmpty() ? "delete" : "update";
    }

    public ClusterObject object() {
        return after.or(() -> before).orElseThrow();
    }

    /** One line, as {@code update Service a/b: takes out port 8132}. */
    @Override
    public String toString() {
        return verb() + " " + object() + (note.isEmpty() ? "" : ": " + note);
    }
}
