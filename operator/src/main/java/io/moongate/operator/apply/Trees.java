package io.moongate.operator.apply;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what should be with what an API server gives back. */
public final class Trees {
    private Trees() {}

    /** Equal, where a number is a number whatever its type. */
    public static boolean same(@Nullable Object wanted, @Nullable Object live) {
        if (wanted instanceof Map<?, ?> left && live instanceof Map<?, ?> right) {
            return left.size() == right.size()
                    && left.entrySet().stream().allMatch(e -> same(e.getValue(), right.get(e.getKey())));
        }
        if (wanted instanceof List<?> left && live instanceof List<?> right) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!same(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (wanted instanceof Number left && live instanceof Number right) {
            return left.doubleValue() == right.doubleValue();
        }
        return Objects.equals(wanted, live);
    }

    /** Whether all that is wanted is there; of a list, each item somewhere. For objects that are partly somebody else's. */
    public static boolean contains(@Nullable Object live, @Nullable Object wanted) {
        if (wanted instanceof Map<?, ?> part && live instanceof Map<?, ?> all) {
            return part.entrySet().stream().allMatch(e -> contains(all.get(e.getKey()), e.getValue()));
        }
        if (wanted instanceof List<?> part && live instanceof List<?> all) {
            return part.stream().allMatch(item -> all.stream().anyMatch(candidate -> contains(candidate, item)));
        }
        return same(wanted, live);
    }
}
