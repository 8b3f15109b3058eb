package io.moongate.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Map;

/** An object of an API server as maps, lists and scalars. */
public final class ObjectTree {
    private ObjectTree() {}

    /** Only the metadata is converted: the rest is a tree already, and may be nested deeper than a converter goes. */
    public static Map<String, Object> of(KubernetesClient client, GenericKubernetesResource object) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", object.getApiVersion());
        tree.put("kind", object.getKind());
        tree.put("metadata", client.getKubernetesSerialization().convertValue(object.getMetadata(), Map.class));
        tree.putAll(object.getAdditionalProperties());
        return tree;
    }
}
