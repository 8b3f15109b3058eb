package io.moongate.plan.served;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.moongate.model.destination.Entrance;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a list of Envoy's routes does with a CONNECT that has one header of ours. The first route that matches decides.
 * Regular expressions are RE2's, as Envoy's: no expression takes more than linear time.
 */
final class Routing {
    /** What becomes of a CONNECT. */
    enum Outcome {
        ROUTED,
        REFUSED,
        UNCLEAR
    }

    private static final int LONGEST_PATTERN = 4096;

    private final String header;
    private final List<Object> routes;
    private final Map<String, Optional<Pattern>> patterns = new HashMap<>();

    Routing(String header, List<Object> routes) {
        this.header = header;
        this.routes = List.copyOf(routes);
    }

    Outcome of(String value) {
        for (Object route : routes) {
            Optional<Boolean> matches = matches(LiveTree.at(route, "match"), value);
            if (matches.isEmpty()) {
                return Outcome.UNCLEAR;
            }
            if (matches.get()) {
                return target(route, value);
            }
        }
        return Outcome.REFUSED;
    }

    private Outcome target(Object route, String value) {
        Object action = LiveTree.at(route, "route");
        if (action == null) {
            return Outcome.REFUSED;
        }
        boolean toHeader =
                LiveTree.text(LiveTree.field(action, "cluster_header")).equalsIgnoreCase(header);
        boolean toCluster = LiveTree.text(LiveTree.at(action, "cluster")).equals(value);
        return toHeader || toCluster ? Outcome.ROUTED : Outcome.REFUSED;
    }

    /** Empty where it cannot be said. */
    private Optional<Boolean> matches(@Nullable Object match, String value) {
        if (LiveTree.field(match, "connect_matcher") == null) {
            // Paths never match a CONNECT.
            return Optional.of(false);
        }
        var unclear = new ArrayList<Object>();
        for (Object condition : LiveTree.list(LiveTree.at(match, "headers"))) {
            String name = LiveTree.text(LiveTree.at(condition, "name"));
            Optional<Boolean> met = name.equalsIgnoreCase(header) ? met(condition, value) : metByNone(condition, name);
            if (met.filter(yes -> !yes).isPresent()) {
                return Optional.of(false);
            }
            if (met.isEmpty()) {
                unclear.add(condition);
            }
        }
        return unclear.isEmpty() ? Optional.of(true) : Optional.empty();
    }

    /** A client may send the header of one port alone: the other port's is not there. Of any other header nobody knows. */
    private static Optional<Boolean> metByNone(Object condition, String name) {
        boolean others = Stream.of(Entrance.values())
                .anyMatch(entrance -> entrance.header().equalsIgnoreCase(name));
        boolean inverted = LiveTree.isTrue(LiveTree.field(condition, "invert_match"));
        return others && !inverted ? Optional.of(false) : Optional.empty();
    }

    private Optional<Boolean> met(Object condition, String value) {
        Object string = LiveTree.field(condition, "string_match");
        boolean inverted = LiveTree.isTrue(LiveTree.field(condition, "invert_match"));
        Optional<Boolean> met = string == null ? metBare(condition, value) : metBy(string, value);
        return met.map(yes -> yes != inverted);
    }

    private Optional<Boolean> metBy(Object string, String value) {
        if (LiveTree.isTrue(LiveTree.field(string, "ignore_case"))) {
            return Optional.empty();
        }
        Object suffix = LiveTree.at(string, "suffix");
        Object contains = LiveTree.at(string, "contains");
        return metByText(
                        value,
                        LiveTree.at(string, "exact"),
                        LiveTree.at(string, "prefix"),
                        LiveTree.at(LiveTree.field(string, "safe_regex"), "regex"))
                .or(() -> Optional.ofNullable(suffix).map(end -> value.endsWith(end.toString())))
                .or(() -> Optional.ofNullable(contains).map(part -> value.contains(part.toString())));
    }

    /** The form before {@code string_match}. */
    private Optional<Boolean> metBare(Object condition, String value) {
        Object present = LiveTree.field(condition, "present_match");
        boolean nothing = LiveTree.map(condition).keySet().stream()
                .allMatch(key -> key.equals("name") || key.equals("invert_match") || key.equals("invertMatch"));
        return metByText(
                        value,
                        LiveTree.field(condition, "exact_match"),
                        LiveTree.field(condition, "prefix_match"),
                        LiveTree.at(LiveTree.field(condition, "safe_regex_match"), "regex"))
                .or(() -> Optional.ofNullable(present).map(LiveTree::isTrue))
                .or(() -> nothing ? Optional.of(true) : Optional.empty());
    }

    /** By the first of them that is there; a condition has one. */
    private Optional<Boolean> metByText(
            String value, @Nullable Object exact, @Nullable Object prefix, @Nullable Object regex) {
        if (exact != null) {
            return Optional.of(value.equals(exact.toString()));
        }
        if (prefix != null) {
            return Optional.of(value.startsWith(prefix.toString()));
        }
        return regex == null ? Optional.empty() : metByPattern(regex.toString(), value);
    }

    private Optional<Boolean> metByPattern(String regex, String value) {
        return patterns.computeIfAbsent(regex, Routing::compiled)
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
