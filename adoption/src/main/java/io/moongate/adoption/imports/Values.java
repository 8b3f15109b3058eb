package io.moongate.adoption.imports;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one line holds, as text.
 *
 * @param of what Envoy writes as {@code -} or leaves out is not in it
 * @param logged the fields that the format has, with a value in this line or without
 */
record Values(Map<Field, String> of, Set<Field> logged, TimeFormat time) {
    Optional<String> get(Field field) {
        return Optional.ofNullable(of.get(field));
    }

    /** Collects the fields of one line. */
    static final class Builder {
        private final EnumMap<Field, String> of = new EnumMap<>(Field.class);
        private final EnumSet<Field> logged = EnumSet.noneOf(Field.class);

        /** Of several values for one field the first counts. */
        void put(Field field, String value) {
            logged.add(field);
            if (!value.isEmpty() && !value.equals("-")) {
                of.putIfAbsent(field, value);
            }
        }

        Values build(TimeFormat time) {
            return new Values(of, logged, time);
        }
    }
}
