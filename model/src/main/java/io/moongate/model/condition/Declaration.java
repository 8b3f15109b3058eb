package io.moongate.model.condition;

import java.time.Instant;
import java.util.Optional;

/**
 * One entry of a Shoot's status that declares which port the shoot uses, whatever its author is. It is taken as it is;
 * the strict form of the entries that Moongate writes is {@link Condition}.
 *
 * @param reason in the author's words; empty where there is none
 * @param since when the status last changed; empty where the entry has no time
 * @param by its author: from {@code managedFields} where they know the entry, else from the reason
 */
public record Declaration(
        Entry entry, Condition.Status status, String reason, String message, Optional<Instant> since, Author by) {

    /** The two lists of a Shoot's status, each with its type. The labels are API. */
    public enum Entry {
        /** Moongate writes it, from what it observes. */
        CONDITION("condition", "conditions", Condition.TYPE),
        /** gardenlet writes it, when it has deployed the VPN client. */
        CONSTRAINT("constraint", "constraints", Condition.CONSTRAINT);

        private final String label;
        private final String list;
        private final String type;

        Entry(String label, String list, String type) {
            this.label = label;
            this.list = list;
            this.type = type;
        }

        public String label() {
            return label;
        }

        /** The field of {@code status}. */
        public String list() {
            return list;
        }

        public String type() {
            return type;
        }
    }

    public boolean isTrue() {
        return status == Condition.Status.True;
    }

    public boolean isFalse() {
        return status == Condition.Status.False;
    }

    public boolean isMoongates() {
        return by == Author.MOONGATE;
    }

    /** For people: {@code constraint UsesUnifiedHTTPProxyPort is True (gardenlet)}. */
    @Override
    public String toString() {
        return entry.label() + " " + entry.type() + " is " + status + " (" + by.label() + ")";
    }
}
