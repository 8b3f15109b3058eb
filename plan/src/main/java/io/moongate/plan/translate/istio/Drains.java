package io.moongate.plan.translate.istio;

import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Which of the changes to come would drain tunnels: those of a listener that is there already. Envoy closes all
 * connections of a filter chain that changes (docs/adr/0006).
 */
public final class Drains {
    /** What Envoy takes by RDS: a change of it touches no connection. */
    private static final Set<String> ROUTES = Set.of("VIRTUAL_HOST", "HTTP_ROUTE", "ROUTE_CONFIGURATION");

    private final Map<String, ClusterObject> wanted = new LinkedHashMap<>();
    private final Map<String, ClusterObject> live = new LinkedHashMap<>();
    private final BiPredicate<Object, Object> same;

    private Drains(List<ClusterObject> wanted, List<ClusterObject> live, BiPredicate<Object, Object> same) {
        wanted.forEach(o -> this.wanted.put(o.toString(), o));
        live.forEach(o -> this.live.put(o.toString(), o));
        this.same = same;
    }

    /**
     * @param object the one whose change would do it
     * @param port whose tunnels
     * @param listener what of it is part of the listener
     * @param meanwhile the object with its new routes and its old listener: what may be written without asking
     */
    public record Drain(
            ClusterObject object, String port, String what, List<Object> listener, Optional<ClusterObject> meanwhile) {}

    /**
     * @param live our objects as they are
     * @param same whether two trees mean the same
     */
    public static List<Drain> of(
            List<ClusterObject> wanted, List<ClusterObject> live, BiPredicate<Object, Object> same) {
        return new Drains(wanted, live, same).find();
    }

    /**
     * The words for it.
     *
     * @param how {@code appears}, {@code changes} or {@code goes}
     */
    public static String what(ClusterObject object, String how, List<String> ports) {
        return object + " " + how + ": drains all tunnels on " + (ports.size() > 1 ? "ports " : "port ")
                + String.join(" and ", ports) + " of gateway " + object.namespace();
    }

    /** Whether it holds a part of a listener; what does not can drain nothing. */
    public static boolean concerns(ClusterObject object) {
        return !listenerPart(object).isEmpty();
    }

    private List<Drain> find() {
        var drains = new ArrayList<Drain>();
        for (ClusterObject object : wanted.values()) {
            Optional<ClusterObject> now = Optional.ofNullable(live.get(object.toString()));
            if (!same.test(listenerPart(object), now.map(Drains::listenerPart).orElse(List.of()))) {
                drain(object, now.isEmpty() ? "appears" : "changes").ifPresent(drains::add);
            }
        }
        for (ClusterObject object : live.values()) {
            if (!wanted.containsKey(object.toString()) && !listenerPart(object).isEmpty()) {
                drain(object, "goes").ifPresent(drains::add);
            }
        }
        return drains;
    }

    /** Only where somebody can be connected: the port's Gateway is there. */
    private Optional<Drain> drain(ClusterObject object, String how) {
        List<Object> ports = listenerPart(object).isEmpty()
                ? listenerPart(live.getOrDefault(object.toString(), object))
                : listenerPart(object);
        String port = ports.isEmpty() ? "" : portOf(ports.getFirst());
        boolean open = live.values().stream()
                .filter(o -> o.kind().equals("Gateway") && o.namespace().equals(object.namespace()))
                .flatMap(o -> listenerPart(o).stream())
                .anyMatch(server -> portOf(server).equals(port));
        return open
                ? Optional.of(new Drain(
                        object, port, what(object, how, List.of(port)), listenerPart(object), meanwhile(object)))
                : Optional.empty();
    }

    private Optional<ClusterObject> meanwhile(ClusterObject object) {
        ClusterObject now = live.get(object.toString());
        if (now == null
                || !wanted.containsKey(object.toString())
                || !object.kind().equals("EnvoyFilter")) {
            return Optional.empty();
        }
        var patches = new ArrayList<>(listenerPart(now));
        patches.addAll(routePart(object));
        var spec = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) Objects.requireNonNull(object.tree().get("spec")))
                .forEach((k, v) -> spec.put(String.valueOf(k), v));
        spec.put("configPatches", patches);
        var tree = new LinkedHashMap<>(object.tree());
        tree.put("spec", spec);
        return Optional.of(
                new ClusterObject(object.apiVersion(), object.kind(), object.namespace(), object.name(), tree));
    }

    /** What of an object is part of a listener: all of a Gateway, those patches of a filter that are not routes. */
    private static List<Object> listenerPart(ClusterObject object) {
        Object spec = object.tree().get("spec");
        if (!(spec instanceof Map<?, ?> fields)) {
            return List.of();
        }
        return switch (object.kind()) {
            case "Gateway" -> fields.get("servers") instanceof List<?> servers ? List.copyOf(servers) : List.of();
            case "EnvoyFilter" -> patches(fields, patch -> !isRoute(patch));
            default -> List.of();
        };
    }

    private static List<Object> routePart(ClusterObject filter) {
        return filter.tree().get("spec") instanceof Map<?, ?> fields ? patches(fields, Drains::isRoute) : List.of();
    }

    private static List<Object> patches(Map<?, ?> spec, Predicate<Object> which) {
        return spec.get("configPatches") instanceof List<?> all
                ? all.stream().<Object>map(p -> p).filter(which).toList()
                : List.of();
    }

    private static boolean isRoute(Object patch) {
        return ROUTES.contains(LiveTree.text(LiveTree.at(patch, "applyTo")));
    }

    private static String portOf(Object part) {
        String found = LiveTree.text(LiveTree.at(part, "match", "listener", "portNumber"));
        return found.isEmpty() ? LiveTree.text(LiveTree.at(part, "port", "number")) : found;
    }
}
