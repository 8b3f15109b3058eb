package io.moongate.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** An object of an API server as maps, lists and scalars. */
public final class ObjectTree {
    private ObjectTree() {}

    @SuppressWarnings("unchecked") // an object's tree is a map by the API's definition
    public static Map<String, Object> of(KubernetesClient client, GenericKubernetesResource object) {
        return client.getKubernetesSerialization().convertValue(object, Map.class);
    }
}
