package io.moongate.plan.served;

import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.served.LiveGateway.Selects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The patches of EnvoyFilters that apply to a port of a gateway. */
final class Patches {
    private static final Set<String> CONTEXTS = Set.of("", "ANY", "GATEWAY");

    private Patches() {}

    /**
     * @param filter kind, namespace and name of the object, for messages
     * @param sure whether it applies, or only may
     */
    record Patch(
            String filter,
            String applyTo,
            String operation,
            @Nullable Object value,
            boolean sure) {}

    static Stream<Patch> of(LiveGateway gateway, int port) {
        return gateway.filters().stream().flatMap(filter -> in(gateway, filter, port));
    }

    static Stream<Patch> in(LiveGateway gateway, ClusterObject filter, int port) {
        Selects selects = gateway.selects(Tree.at(filter.tree(), "spec", "workloadSelector", "labels"));
        return selects == Selects.NO
                ? Stream.empty()
                : Tree.list(Tree.at(filter.tree(), "spec", "configPatches")).stream()
                        .filter(patch -> applies(Tree.at(patch, "match"), port))
                        .map(patch -> new Patch(
                                filter.toString(),
                                Tree.text(Tree.at(patch, "applyTo")),
                                Tree.text(Tree.at(patch, "patch", "operation")),
                                Tree.at(patch, "patch", "value"),
                                selects == Selects.YES));
    }

    private static boolean applies(@Nullable Object match, int port) {
        Object listener = Tree.at(match, "listener", "portNumber");
        Object route = Tree.at(match, "routeConfiguration", "portNumber");
        String name = Tree.text(Tree.at(match, "routeConfiguration", "name"));
        return CONTEXTS.contains(Tree.text(Tree.at(match, "context")))
                && (listener == null || Tree.isNumber(listener, port))
                && (route == null || Tree.isNumber(route, port))
                && (name.isEmpty() || name.equals("http." + port));
    }
}
