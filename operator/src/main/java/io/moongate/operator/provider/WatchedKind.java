package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.problem.ObjectRef;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A kind of object that is watched.
 *
 * @param names those wanted; empty means all
 */
public record WatchedKind(
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced,
        String labelSelector,
        Set<String> names) {
    private static final Set<String> SERVERS =
            Arrays.stream(Server.values()).map(Server::service).collect(Collectors.toUnmodifiableSet());

    static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** What the garden knows. */
    public static List<WatchedKind> ofGarden() {
        return List.of(
                new WatchedKind("core.gardener.cloud", "v1beta1", "Shoot", "shoots", true, "", Set.of()),
                new WatchedKind("core.gardener.cloud", "v1beta1", "Seed", "seeds", false, "", Set.of()));
    }

    /**
     * Where control planes are, and gateways.
     *
     * @param gateways names of the Services that lead to gateways
     */
    public static List<WatchedKind> ofSeed(Set<String> gateways) {
        return services(withControlPlanes(gateways), SERVERS);
    }

    /** The gateways' pods, too. */
    public static List<WatchedKind> ofSeedWithPods(Set<String> gateways) {
        return services(withControlPlanes(gateways), withControlPlanes(gateways));
    }

    private static Set<String> withControlPlanes(Set<String> gateways) {
        var names = new HashSet<>(SERVERS);
        names.addAll(gateways);
        return names;
    }

    private static List<WatchedKind> services(Set<String> names, Set<String> pods) {
        String endpoints = pods.stream().sorted().collect(Collectors.joining(",", SERVICE_NAME + " in (", ")"));
        return List.of(
                new WatchedKind("", "v1", "Service", "services", true, "", Set.copyOf(names)),
                new WatchedKind(
                        "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true, endpoints, Set.of()));
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    boolean wants(String name) {
        return names.isEmpty() || names.contains(name);
    }

    ObjectRef refOf(GenericKubernetesResource object) {
        return new ObjectRef(
                kind,
                namespaced ? object.getMetadata().getNamespace() : "",
                object.getMetadata().getName());
    }
}
