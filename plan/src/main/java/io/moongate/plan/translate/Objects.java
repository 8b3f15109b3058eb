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
        var tree = map(
                "apiVersion",
                apiVersion,
                "kind",
                kind,
                "metadata",
                map(
                        "name",
                        name,
                        "namespace",
                        namespace,
                        "labels",
                        map(ClusterObject.MANAGED_BY, ClusterObject.MOONGATE)));
        tree.putAll(body);
        return new ClusterObject(apiVersion, kind, namespace, name, tree);
    }
}
