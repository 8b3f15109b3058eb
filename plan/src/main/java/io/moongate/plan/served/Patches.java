package io.moongate.plan.served;

import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.served.LiveGateway.Selects;
import io.moongate.plan.translate.LiveTree;
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
        Selects selects = gateway.selects(LiveTree.at(filter.tree(), "spec", "workloadSelector", "labels"));
        return selects == Selects.NO
                ? Stream.empty()
                : LiveTree.list(LiveTree.at(filter.tree(), "spec", "configPatches")).stream()
                        .filter(patch -> applies(LiveTree.at(patch, "match"), port))
                        .map(patch -> new Patch(
                                filter.toString(),
                                LiveTree.text(LiveTree.at(patch, "applyTo")),
                                LiveTree.text(LiveTree.at(patch, "patch", "operation")),
                                LiveTree.at(patch, "patch", "value"),
                                selects == Selects.YES));
    }

    private static boolean applies(@Nullable Object match, int port) {
        Object listener = LiveTree.at(match, "listener", "portNumber");
        Object route = LiveTree.at(match, "routeConfiguration", "portNumber");
        String name = LiveTree.text(LiveTree.at(match, "routeConfiguration", "name"));
        return CONTEXTS.contains(LiveTree.text(LiveTree.at(match, "context")))
                && (listener == null || LiveTree.isNumber(listener, port))
                && (route == null || LiveTree.isNumber(route, port))
                && (name.isEmpty() || name.equals("http." + port));
    }
}
