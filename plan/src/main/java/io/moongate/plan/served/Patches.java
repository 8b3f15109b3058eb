package io.moongate.plan.served;

import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.served.LiveGateway.Selects;
import io.moongate.plan.translate.LiveTree;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The patches of EnvoyFilters that are for a port of a gateway, in istiod's order: by priority, those of Istio's root
 * namespace first, then by age and name.
 */
final class Patches {
    private static final Set<String> CONTEXTS = Set.of("", "ANY", "GATEWAY");
    static final Set<String> OF_ROUTES = Set.of("ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE");
    private static final Set<String> ADDS = Set.of("ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER");

    /** What a plain HTTP port of a gateway does not have: its one filter chain has no name and matches everything. */
    private static final List<String> OF_OTHER_CHAINS =
            List.of("name", "sni", "transportProtocol", "applicationProtocols", "destinationPort");

    private final LiveGateway gateway;
    private final int port;
    private final int listenerPort;

    private Patches(LiveGateway gateway, int port, int listenerPort) {
        this.gateway = gateway;
        this.port = port;
        this.listenerPort = listenerPort;
    }

    /**
     * @param port as the Gateway has it
     * @param listenerPort on which the gateway's pods listen for it
     */
    static List<Patch> of(LiveGateway gateway, int port, int listenerPort) {
        var patches = new Patches(gateway, port, listenerPort);
        return gateway.filters().stream()
                .filter(filter -> gateway.isFor(filter))
                .sorted(order(gateway.rootNamespace()))
                .flatMap(patches::in)
                .toList();
    }

    private static Comparator<ClusterObject> order(String rootNamespace) {
        return Comparator.<ClusterObject>comparingLong(f -> number(LiveTree.at(f.tree(), "spec", "priority")))
                .thenComparing(f -> !f.namespace().equals(rootNamespace))
                .thenComparing(f -> LiveTree.text(LiveTree.at(f.tree(), "metadata", "creationTimestamp")))
                .thenComparing(f -> f.name() + "." + f.namespace());
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private Stream<Patch> in(ClusterObject filter) {
        Selects selects = gateway.selects(LiveTree.at(filter.tree(), "spec", "workloadSelector", "labels"));
        boolean forOthers = selects == Selects.NO
                // An ingress gateway that is no Gateway of the Gateway API ignores what is attached to one.
                || !LiveTree.list(LiveTree.at(filter.tree(), "spec", "targetRefs"))
                        .isEmpty();
        if (forOthers) {
            return Stream.empty();
        }
        List<?> patches = LiveTree.list(LiveTree.at(filter.tree(), "spec", "configPatches"));
        return IntStream.range(0, patches.size())
                .mapToObj(index -> patch(filter, selects, index, patches.get(index)))
                .filter(patch -> !patch.operation().isEmpty() && applies(patch));
    }

    private Patch patch(ClusterObject filter, Selects selects, int index, Object tree) {
        Object match = LiveTree.at(tree, "match");
        var ref = new ObjectRef(filter.kind(), filter.namespace(), filter.name());
        return new Patch(
                ref,
                index,
                LiveTree.text(LiveTree.at(tree, "applyTo")),
                LiveTree.text(LiveTree.at(tree, "patch", "operation")),
                match,
                LiveTree.at(tree, "patch", "value"),
                doubt(ref, selects, "spec.configPatches[" + index + "].match", match));
    }

    /** The first one: each alone leaves it open. */
    private Optional<Doubt> doubt(ObjectRef ref, Selects selects, String field, @Nullable Object match) {
        if (selects == Selects.PERHAPS) {
            return Optional.of(new Doubt(ref, "spec.workloadSelector.labels", LiveGateway.UNKNOWN_LABELS));
        }
        if (!LiveTree.map(LiveTree.at(match, "proxy")).isEmpty()) {
            return Optional.of(new Doubt(
                    ref,
                    field + ".proxy",
                    "it is for proxies of some versions or with some metadata, and the gateway's are not known"));
        }
        boolean certain =
                name(match).isEmpty() || gateway.listenerNames(listenerPort).equals(List.of(name(match)));
        return certain
                ? Optional.empty()
                : Optional.of(new Doubt(
                        ref, field + ".listener.name", "the Service does not say how the listener is called"));
    }

    private static String name(@Nullable Object match) {
        return LiveTree.text(LiveTree.at(match, "listener", "name"));
    }

    private boolean applies(Patch patch) {
        return CONTEXTS.contains(LiveTree.text(LiveTree.at(patch.match(), "context")))
                && (OF_ROUTES.contains(patch.applyTo()) ? appliesToRoutes(patch) : appliesToListener(patch));
    }

    private boolean appliesToListener(Patch patch) {
        if (patch.applyTo().equals("LISTENER") && ADDS.contains(patch.operation())) {
            // It is added whatever it matches; what matters is where it listens.
            Object added = LiveTree.at(LiveTree.field(LiveTree.at(patch.value(), "address"), "socket_address"));
            Object at = LiveTree.field(added, "port_value");
            return at == null || LiveTree.isNumber(at, listenerPort);
        }
        Object number = patch.listener("portNumber");
        String name = name(patch.match());
        return (number == null || LiveTree.isNumber(number, 0) || LiveTree.isNumber(number, listenerPort))
                && (name.isEmpty() || gateway.listenerNames(listenerPort).contains(name))
                && OF_OTHER_CHAINS.stream().noneMatch(field -> isSet(patch.listener("filterChain", field)));
    }

    private boolean appliesToRoutes(Patch patch) {
        Object number = patch.route("portNumber");
        String name = LiveTree.text(patch.route("name"));
        return (number == null || LiveTree.isNumber(number, 0) || LiveTree.isNumber(number, port))
                && (name.isEmpty() || name.equals("http." + listenerPort))
                // Those of routes of plain HTTP are empty.
                && !isSet(patch.route("portName"))
                && !isSet(patch.route("gateway"));
    }

    private static boolean isSet(@Nullable Object value) {
        return !LiveTree.text(value).isEmpty() && !LiveTree.isNumber(value, 0);
    }

    /** Whether any of the gateway's filters has this, for whatever port. */
    static boolean anywhere(LiveGateway gateway, String type) {
        return gateway.filters().stream()
                .filter(filter ->
                        gateway.selects(LiveTree.at(filter.tree(), "spec", "workloadSelector", "labels")) != Selects.NO)
                .anyMatch(filter -> has(filter.tree(), type));
    }

    static boolean has(@Nullable Object tree, String type) {
        return switch (tree) {
            case Map<?, ?> map -> map.values().stream().anyMatch(value -> has(value, type));
            case List<?> list -> list.stream().anyMatch(value -> has(value, type));
            case null -> false;
            default -> tree.toString().endsWith(type);
        };
    }
}
