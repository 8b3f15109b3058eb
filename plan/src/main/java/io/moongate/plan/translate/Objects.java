package io.moongate.plan.translate;

import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.plan.ClusterObject;
import java.util.Map;

/** Objects that are ours alone, with the label that says so. */
public final class Objects {
    private Objects() {}

    /** @param body all but {@code apiVersion}, {@code kind} and {@code metadata} */
    public static ClusterObject own(
            String apiVersion, String kind, String namespace, String name, Map<String, Object> body) {
        return own(apiVersion, kind, namespace, name, Map.of(), body);
    }

    /** @param labels beside the one that says whose the object is */
    public static ClusterObject own(
            String apiVersion,
            String kind,
            String namespace,
            String name,
            Map<String, Object> labels,
            Map<String, Object> body) {
        var all = map(ClusterObject.MANAGED_BY, ClusterObject.MOONGATE);
        all.putAll(labels);
        var tree = map(
                "apiVersion",
                apiVersion,
                "kind",
                kind,
                "metadata",
                map("name", name, "namespace", namespace, "labels", all));
        tree.putAll(body);
        return new ClusterObject(apiVersion, kind, namespace, name, tree);
    }
}
