package io.moongate.operator.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.moongate.model.plan.ClusterObject;
import java.util.Locale;
import java.util.Optional;

/** How we write and read objects of any kind: always under one name as field manager. */
public final class ServerSideApply {
    public static final String FIELD_MANAGER = "moongate";

    private ServerSideApply() {}

    /** @param force whether fields that another manager holds are taken from it */
    public static void apply(KubernetesClient client, ClusterObject object, boolean force) {
        var resource = client.getKubernetesSerialization().convertValue(object.tree(), GenericKubernetesResource.class);
        var one = client.genericKubernetesResources(context(object.apiVersion(), object.kind()))
                .inNamespace(object.namespace())
                .resource(resource)
                .fieldManager(FIELD_MANAGER);
        (force ? one.forceConflicts() : one).serverSideApply();
    }

    /** The object as it is now. */
    public static Optional<GenericKubernetesResource> get(KubernetesClient client, ClusterObject object) {
        return Optional.ofNullable(client.genericKubernetesResources(context(object.apiVersion(), object.kind()))
                .inNamespace(object.namespace())
                .withName(object.name())
                .get());
    }

    /** For kinds whose plural is regular: all that we write. */
    public static ResourceDefinitionContext context(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
                .withNamespaced(true)
                .build();
    }
}
