package io.moongate.plan.served;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.moongate.model.destination.Entrance;
import io.moongate.plan.translate.LiveTree;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's conditions on headers. Regular expressions are RE2's, as Envoy's: no expression takes more than linear time.
 * Whatever cannot be said is empty.
 */
final class Headers {
    private static final int LONGEST_PATTERN = 4096;

    private static final Set<String> FIELDS = Set.of(
            "name",
            "string_match",
            "exact_match",
            "prefix_match",
            "suffix_match",
            "contains_match",
            "safe_regex_match",
            "present_match",
            "invert_match");

    private final Map<String, Optional<Pattern>> patterns = new HashMap<>();

    static boolean isOurs(String name) {
        return Stream.of(Entrance.values())
                .anyMatch(entrance -> entrance.header().equalsIgnoreCase(name));
    }

    /** Whether a request meets all conditions: one that is not met decides, whatever the others are. */
    Optional<Boolean> met(List<?> conditions, Request request) {
        boolean unclear = false;
        for (Object condition : conditions) {
            Optional<Boolean> met = met(LiveTree.map(condition), request);
            if (met.equals(Optional.of(false))) {
                return met;
            }
            unclear |= met.isEmpty();
        }
        return unclear ? Optional.empty() : Optional.of(true);
    }

    private Optional<Boolean> met(Map<?, ?> condition, Request request) {
        if (!FIELDS.containsAll(condition.keySet())) {
            return Optional.empty();
        }
        String name = LiveTree.text(condition.get("name"));
        boolean inverted = LiveTree.isTrue(condition.get("invert_match"));
        Optional<Boolean> there = request.has(name);
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Object present = condition.get("present_match");
        Optional<Boolean> met = present != null
                ? Optional.of(LiveTree.isTrue(present) == there.get())
                : there.get() ? metBy(condition, request.valueOf(name)) : Optional.of(false);
        return met.map(yes -> yes != inverted);
    }

    private Optional<Boolean> metBy(Map<?, ?> condition, Optional<String> value) {
        if (condition.get("string_match") != null) {
            return value.flatMap(text -> matches(LiveTree.map(condition.get("string_match")), "", text));
        }
        // A name alone: it has to be there.
        boolean alone = Set.of("name", "invert_match").containsAll(condition.keySet());
        return alone ? Optional.of(true) : value.flatMap(text -> matches(condition, "_match", text));
    }

    /** A string matcher has one of these fields. */
    private Optional<Boolean> matches(Map<?, ?> matcher, String ending, String value) {
        Object regex = LiveTree.at(matcher.get("safe_regex" + ending), "regex");
        if (regex != null) {
            // Regular expressions have a case of their own.
            return byPattern(regex, value);
        }
        boolean ignoreCase = LiveTree.isTrue(matcher.get("ignore_case"));
        String is = folded(value, ignoreCase);
        return Optional.ofNullable(matcher.get("exact" + ending))
                .map(text -> is.equals(folded(text, ignoreCase)))
                .or(() -> Optional.ofNullable(matcher.get("prefix" + ending))
                        .map(text -> is.startsWith(folded(text, ignoreCase))))
                .or(() -> Optional.ofNullable(matcher.get("suffix" + ending))
                        .map(text -> is.endsWith(folded(text, ignoreCase))))
                .or(() -> Optional.ofNullable(matcher.get("contains" + ending))
                        .map(text -> is.contains(folded(text, ignoreCase))));
    }

    private static String folded(@Nullable Object text, boolean ignoreCase) {
        return ignoreCase ? LiveTree.text(text).toLowerCase(Locale.ROOT) : LiveTree.text(text);
    }

    private Optional<Boolean> byPattern(Object regex, String value) {
        return patterns.computeIfAbsent(regex.toString(), Headers::compiled)
                .map(pattern -> pattern.matcher(value).matches());
    }

    private static Optional<Pattern> compiled(String regex) {
        try {
            return regex.length() > LONGEST_PATTERN ? Optional.empty() : Optional.of(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }
}
