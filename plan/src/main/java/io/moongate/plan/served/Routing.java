package io.moongate.plan.served;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.moongate.model.destination.Entrance;
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
            Optional<Boolean> matches = matches(Tree.at(route, "match"), value);
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
        Object action = Tree.at(route, "route");
        if (action == null) {
            return Outcome.REFUSED;
        }
        boolean toHeader = Tree.text(Tree.field(action, "cluster_header")).equalsIgnoreCase(header);
        boolean toCluster = Tree.text(Tree.at(action, "cluster")).equals(value);
        return toHeader || toCluster ? Outcome.ROUTED : Outcome.REFUSED;
    }

    /** Empty where it cannot be said. */
    private Optional<Boolean> matches(@Nullable Object match, String value) {
        if (Tree.field(match, "connect_matcher") == null) {
            // Paths never match a CONNECT.
            return Optional.of(false);
        }
        var unclear = new ArrayList<Object>();
        for (Object condition : Tree.list(Tree.at(match, "headers"))) {
            String name = Tree.text(Tree.at(condition, "name"));
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
        boolean inverted = Tree.isTrue(Tree.field(condition, "invert_match"));
        return others && !inverted ? Optional.of(false) : Optional.empty();
    }

    private Optional<Boolean> met(Object condition, String value) {
        Object string = Tree.field(condition, "string_match");
        boolean inverted = Tree.isTrue(Tree.field(condition, "invert_match"));
        Optional<Boolean> met = string == null ? metBare(condition, value) : metBy(string, value);
        return met.map(yes -> yes != inverted);
    }

    private Optional<Boolean> metBy(Object string, String value) {
        if (Tree.isTrue(Tree.field(string, "ignore_case"))) {
            return Optional.empty();
        }
        Object exact = Tree.at(string, "exact");
        Object prefix = Tree.at(string, "prefix");
        Object suffix = Tree.at(string, "suffix");
        Object contains = Tree.at(string, "contains");
        Object regex = Tree.at(Tree.field(string, "safe_regex"), "regex");
        return exact != null
                ? Optional.of(value.equals(exact.toString()))
                : prefix != null
                        ? Optional.of(value.startsWith(prefix.toString()))
                        : suffix != null
                                ? Optional.of(value.endsWith(suffix.toString()))
                                : contains != null
                                        ? Optional.of(value.contains(contains.toString()))
                                        : regex != null ? metByPattern(regex.toString(), value) : Optional.empty();
    }

    /** The form before {@code string_match}. */
    private Optional<Boolean> metBare(Object condition, String value) {
        Object exact = Tree.field(condition, "exact_match");
        Object regex = Tree.at(Tree.field(condition, "safe_regex_match"), "regex");
        Object prefix = Tree.field(condition, "prefix_match");
        Object present = Tree.field(condition, "present_match");
        boolean nothing = Tree.map(condition).keySet().stream()
                .allMatch(key -> key.equals("name") || key.equals("invert_match") || key.equals("invertMatch"));
        return exact != null
                ? Optional.of(value.equals(exact.toString()))
                : prefix != null
                        ? Optional.of(value.startsWith(prefix.toString()))
                        : regex != null
                                ? metByPattern(regex.toString(), value)
                                : present != null
                                        ? Optional.of(Tree.isTrue(present))
                                        : nothing ? Optional.of(true) : Optional.empty();
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
