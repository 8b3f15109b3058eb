package io.moongate.model.problem;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Something that works, or may work, and that a person may want to know. It is no problem: nothing has to be done. It may
 * quote objects of others, but no more of them than a person reads.
 *
 * @param field of the object, as a path; empty where it is about all of it
 * @param message a sentence without its end
 */
public record Advice(Code code, Optional<ObjectRef> object, String field, String message) {
    public Advice {
        object = object.map(Problem::shortened);
        field = Problem.shortened(field, Problem.LONGEST_NAME);
        message = Problem.shortened(message, Problem.LONGEST_MESSAGE);
    }

    /** Closed set; the names are API. */
    public enum Code {
        /** It does something about which Moongate does not know what comes of it. */
        CANNOT_BE_JUDGED("CannotBeJudged"),
        /** It works, and is weaker than planned. */
        WEAKER_THAN_PLANNED("WeakerThanPlanned");

        private final String label;

        Code(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** As the severity of a problem, for machines. */
    public static final String SEVERITY = "advice";

    /** Of one port, or of all DestinationRules: whoever writes the objects must not decide how much is said of them. */
    public static final int MOST = 20;

    /**
     * The first of them, and how many more there are.
     *
     * @param object what the last one is about
     * @param more says it, of a number
     */
    public static List<Advice> some(List<Advice> all, Optional<ObjectRef> object, IntFunction<String> more) {
        int left = all.size() - MOST;
        return left <= 0
                ? all
                : Stream.concat(
                                all.stream().limit(MOST),
                                Stream.of(new Advice(Code.CANNOT_BE_JUDGED, object, "", more.apply(left))))
                        .toList();
    }

    @Override
    public String toString() {
        var text = new StringBuilder(message);
        object.ifPresent(o -> text.append(", ").append(o));
        if (!field.isEmpty()) {
            text.append(", ").append(field);
        }
        return text.append(" [").append(code.label()).append(']').toString();
    }
}
