package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy's virtual hosts do with a CONNECT. Which of them a client reaches depends on the name that it dials, which
 * is not known here: where they differ, the outcome is unclear.
 */
final class Routing {
    private static final Set<String> HOST_FIELDS = Set.of(
            "name",
            "domains",
            "routes",
            "matcher",
            "require_tls",
            "response_headers_to_add",
            "response_headers_to_remove",
            "include_request_attempt_count",
            "include_attempt_count_in_response",
            "retry_policy",
            "typed_per_filter_config");

    private static final Set<String> MATCH_FIELDS = Set.of("connect_matcher", "headers", "runtime_fraction");

    private static final Set<String> ACTION_FIELDS = Set.of(
            "cluster", "cluster_header", "timeout", "upgrade_configs", "priority", "retry_policy", "max_grpc_timeout");

    private final String header;
    private final Set<String> destinations;
    private final boolean managerAccepts;
    private final List<Map<String, Object>> hosts;
    private final Headers headers = new Headers();
    private final Set<String> reasons = new LinkedHashSet<>();

    /**
     * @param destinations of the plan: clusters that lead to another one than is asked for are wrong
     * @param managerAccepts whether the connection manager accepts a CONNECT where its route says nothing about it
     */
    Routing(String header, Set<String> destinations, boolean managerAccepts, List<Map<String, Object>> hosts) {
        this.header = header;
        this.destinations = destinations;
        this.managerAccepts = managerAccepts;
        this.hosts = hosts;
    }

    /** @param old whether clients that send both ports' headers ask for it, too */
    Outcome of(String value, boolean old) {
        Outcome outcome = of(new Request(header, value, false));
        return !old || outcome == of(new Request(header, value, true))
                ? outcome
                : unclear("clients that send both ports' headers are not treated as those that send one");
    }

    /** Why some outcomes are unclear. */
    Set<String> reasons() {
        return reasons;
    }

    private Outcome unclear(String why) {
        reasons.add(why);
        return Outcome.UNCLEAR;
    }

    private Outcome of(Request request) {
        var outcomes = EnumSet.noneOf(Outcome.class);
        hosts.forEach(host -> outcomes.add(in(host, request)));
        boolean forAll = hosts.stream().anyMatch(host -> domains(host).contains("*"));
        if (!forAll) {
            // A name that no virtual host has gets no route.
            outcomes.add(Outcome.REFUSED);
        }
        return outcomes.size() == 1
                ? outcomes.iterator().next()
                : outcomes.contains(Outcome.UNCLEAR)
                        ? Outcome.UNCLEAR
                        : unclear("it depends on the name that a client dials");
    }

    static List<String> domains(Map<String, Object> host) {
        return LiveTree.list(host.get("domains")).stream().map(LiveTree::text).toList();
    }

    private Outcome in(Map<String, Object> host, Request request) {
        Optional<String> unknown = unknown(host.keySet(), HOST_FIELDS);
        if (unknown.isPresent()) {
            return unclear("a virtual host has " + Quoted.of(unknown.get()));
        }
        return switch (LiveTree.text(host.get("require_tls"))) {
            case "", "NONE" ->
                host.get("matcher") == null
                        ? among(LiveTree.list(host.get("routes")), request)
                        : by(LiveTree.map(host.get("matcher")), request);
            case "ALL" -> Outcome.REFUSED;
            default -> unclear("a virtual host requires TLS of some clients");
        };
    }

    private static Optional<String> unknown(Set<?> fields, Set<String> known) {
        return fields.stream()
                .map(String::valueOf)
                .filter(f -> !known.contains(f))
                .findFirst();
    }

    /** A tree that looks the value of a header up. */
    private Outcome by(Map<?, ?> matcher, Request request) {
        Object tree = LiveTree.at(matcher, "matcher_tree");
        Object map = LiveTree.at(tree, "exact_match_map", "map");
        Object input = LiveTree.at(tree, "input", "typed_config");
        String name = LiveTree.text(LiveTree.at(input, "header_name"));
        boolean known = Set.of("matcher_tree", "on_no_match").containsAll(matcher.keySet())
                && map != null
                && ProtoTree.typeOf(input).endsWith("HttpRequestHeaderMatchInput");
        Optional<Boolean> there = request.has(name);
        if (!known || there.isEmpty()) {
            return unclear("a virtual host has a matcher that is no look-up of a header of ours");
        }
        Object found = there.get()
                ? request.valueOf(name).map(value -> LiveTree.at(map, value)).orElse(null)
                : null;
        Object next = found == null ? matcher.get("on_no_match") : found;
        if (LiveTree.at(next, "matcher") != null) {
            return by(LiveTree.map(LiveTree.at(next, "matcher")), request);
        }
        return next == null ? Outcome.REFUSED : routesOf(LiveTree.at(next, "action", "typed_config"), request);
    }

    private Outcome routesOf(@Nullable Object action, Request request) {
        String type = ProtoTree.typeOf(action);
        if (type.endsWith("route.v3.RouteList")) {
            return among(LiveTree.list(LiveTree.at(action, "routes")), request);
        }
        return type.endsWith("route.v3.Route") && action != null
                ? among(List.of(action), request)
                : unclear("a virtual host has a matcher that leads to something else than routes");
    }

    /** The first route that matches decides. */
    private Outcome among(List<?> routes, Request request) {
        for (Object route : routes) {
            Optional<Boolean> matches = matches(LiveTree.at(route, "match"), request);
            if (matches.isEmpty()) {
                return unclear("a route has a condition that is not known to be met");
            }
            if (matches.get()) {
                return target(LiveTree.at(route, "route"), request);
            }
        }
        return Outcome.REFUSED;
    }

    private Optional<Boolean> matches(@Nullable Object match, Request request) {
        if (LiveTree.at(match, "connect_matcher") == null) {
            // Paths never match a CONNECT.
            return Optional.of(false);
        }
        Optional<Boolean> met = headers.met(LiveTree.list(LiveTree.at(match, "headers")), request);
        if (met.equals(Optional.of(false))) {
            return met;
        }
        Optional<Boolean> drawn = drawn(LiveTree.at(match, "runtime_fraction"));
        if (drawn.equals(Optional.of(false))) {
            return drawn;
        }
        return MATCH_FIELDS.containsAll(LiveTree.map(match).keySet()) && drawn.isPresent() ? met : Optional.empty();
    }

    /** A share of all requests, which the gateway's runtime may have set differently. */
    private static Optional<Boolean> drawn(@Nullable Object fraction) {
        if (fraction == null) {
            return Optional.of(true);
        }
        Object numerator = LiveTree.at(fraction, "default_value", "numerator");
        String denominator = LiveTree.text(LiveTree.at(fraction, "default_value", "denominator"));
        if (LiveTree.at(fraction, "runtime_key") != null) {
            return Optional.empty();
        }
        if (numerator == null || LiveTree.isNumber(numerator, 0)) {
            return Optional.of(false);
        }
        boolean all = (denominator.isEmpty() || denominator.equals("HUNDRED")) && LiveTree.isNumber(numerator, 100);
        return all ? Optional.of(true) : Optional.empty();
    }

    private Outcome target(@Nullable Object action, Request request) {
        if (action == null) {
            return Outcome.REFUSED;
        }
        String byHeader = LiveTree.text(LiveTree.at(action, "cluster_header"));
        String cluster = LiveTree.text(LiveTree.at(action, "cluster"));
        if (!byHeader.isEmpty()) {
            Optional<Boolean> there = request.has(byHeader);
            if (there.isEmpty() || !Headers.isOurs(byHeader)) {
                return unclear("a route leads where the header " + Quoted.of(byHeader) + " says");
            }
            return there.get() ? accepted(action) : Outcome.REFUSED;
        }
        if (cluster.equals(request.value())) {
            return accepted(action);
        }
        // One that is not of the plan may lead to the same place.
        return destinations.contains(cluster)
                ? Outcome.REFUSED
                : unclear("a route leads to "
                        + (cluster.isEmpty() ? "several clusters" : "cluster " + Quoted.of(cluster)));
    }

    private Outcome accepted(Object action) {
        List<?> upgrades = upgrades(action).toList();
        if (upgrades.size() > 1) {
            return unclear("a route configures CONNECT twice");
        }
        if (upgrades.isEmpty()) {
            return managerAccepts ? Outcome.NOT_TERMINATED : Outcome.NOT_ACCEPTED;
        }
        Object upgrade = upgrades.getFirst();
        if (isOff(upgrade)) {
            return Outcome.NOT_ACCEPTED;
        }
        Object config = LiveTree.at(upgrade, "connect_config");
        if (config == null) {
            return Outcome.NOT_TERMINATED;
        }
        Optional<String> unknown = unknown(LiveTree.map(config).keySet(), Set.of())
                .or(() -> unknown(LiveTree.map(action).keySet(), ACTION_FIELDS));
        return unknown.map(field -> unclear("a route has " + Quoted.of(field))).orElse(Outcome.ROUTED);
    }

    /** Those for CONNECT, of a route's action or of a connection manager. */
    static Stream<?> upgrades(@Nullable Object of) {
        return LiveTree.list(LiveTree.at(of, "upgrade_configs")).stream()
                .filter(upgrade ->
                        LiveTree.text(LiveTree.at(upgrade, "upgrade_type")).equalsIgnoreCase("CONNECT"));
    }

    /** On is the default. */
    static boolean isOff(@Nullable Object upgrade) {
        return LiveTree.text(LiveTree.at(upgrade, "enabled")).equals("false");
    }
}
