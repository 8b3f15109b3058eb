package io.moongate.plan.served;

import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.translate.LiveTree;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One patch of an EnvoyFilter that is for a port, or may be.
 *
 * @param match which part of it
 * @param value what it brings
 * @param doubt why nobody can say whether it is for the port; empty where it is
 */
record Patch(
        ObjectRef filter,
        int index,
        String applyTo,
        String operation,
        @Nullable Object match,
        @Nullable Object value,
        Optional<Doubt> doubt) {

    /** Where it is in its object. */
    String field() {
        return "spec.configPatches[" + index + "]";
    }

    /** A copy of what it brings. */
    Map<String, Object> message() {
        return ProtoTree.of(value);
    }

    @Nullable
    Object listener(String... path) {
        return LiveTree.at(LiveTree.at(match, "listener"), path);
    }

    @Nullable
    Object route(String... path) {
        return LiveTree.at(LiveTree.at(match, "routeConfiguration"), path);
    }

    /** Whether routes come from it. */
    boolean bringsRoutes() {
        return Patches.OF_ROUTES.contains(applyTo)
                || LiveTree.field(LiveTree.field(value, "typed_config"), "route_config") != null;
    }
}
