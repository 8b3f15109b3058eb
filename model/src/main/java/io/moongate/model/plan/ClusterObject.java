package io.moongate.model.plan;

import java.util.Map;

/**
 * An object that should be in a cluster, seed or shoot, as a tree of maps, lists and scalars. Of an object that belongs
 * to somebody else (the ingress gateway's Service) the tree holds only the fields that are ours.
 */
public record ClusterObject(String apiVersion, String kind, String namespace, String name, Map<String, Object> tree) {
    /** The label of all objects that are ours alone, and its value. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    public static final String MOONGATE = "moongate";

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
