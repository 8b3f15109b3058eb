package io.moongate.operator.apply;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.ObjectRef;
import io.moongate.operator.ObjectTree;
import io.moongate.operator.provider.AnyChange;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The objects in the seed that carry our label, watched: a look at one costs no request. */
public final class Live implements AutoCloseable {
    private final KubernetesClient client;
    private final Map<String, SharedIndexInformer<GenericKubernetesResource>> informers = new LinkedHashMap<>();

    private final Map<String, Converted> converted = new ConcurrentHashMap<>();

    private record Converted(String version, Map<String, Object> tree) {}

    /** Of a seed where nothing is ours. */
    Live(KubernetesClient client) {
        this.client = client;
    }

    /** @param changed called when one of them changes, by us or by somebody else */
    public static Live watch(KubernetesClient client, Runnable changed) {
        var live = new Live(client);
        IstioObjects.KINDS.forEach((kind, apiVersion) -> {
            var informer = client.genericKubernetesResources(ServerSideApply.context(apiVersion, kind))
                    .inAnyNamespace()
                    .withLabelSelector(ClusterObject.MANAGED_BY + "=" + ClusterObject.MOONGATE)
                    .runnableInformer(0);
            informer.addEventHandler(new AnyChange<>(changed));
            informer.exceptionHandler((started, failure) -> true);
            informer.start();
            live.informers.put(kind, informer);
        });
        return live;
    }

    public boolean complete() {
        return informers.values().stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** The object as it is: from the watch where it is ours, else asked for. */
    Optional<GenericKubernetesResource> find(ClusterObject object) {
        return known(object).or(() -> ServerSideApply.get(client, object));
    }

    /** From the watch alone. */
    Optional<GenericKubernetesResource> known(ClusterObject object) {
        return Optional.ofNullable(informers.get(object.kind()))
                .map(informer -> informer.getStore().getByKey(object.namespace() + "/" + object.name()));
    }

    /** Those of one kind; whoever else has marked one as his is its owner. */
    public List<GenericKubernetesResource> labelled(String kind) {
        return Optional.ofNullable(informers.get(kind))
                .map(informer -> informer.getStore().list())
                .orElse(List.of());
    }

    List<GenericKubernetesResource> ours() {
        var all = new ArrayList<GenericKubernetesResource>();
        informers.values().forEach(informer -> all.addAll(informer.getStore().list()));
        return all;
    }

    static ObjectRef refOf(GenericKubernetesResource object) {
        var metadata = object.getMetadata();
        return new ObjectRef(object.getKind(), metadata.getNamespace(), metadata.getName());
    }

    /** As {@link ClusterObject#toString} writes it. */
    static String nameOf(GenericKubernetesResource object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }

    /** An object's tree; converted once for each version of it. */
    public Map<String, Object> treeOf(GenericKubernetesResource object) {
        String version = String.valueOf(object.getMetadata().getResourceVersion());
        String name = nameOf(object);
        Converted known = converted.get(name);
        if (known == null || !known.version().equals(version)) {
            known = new Converted(version, ObjectTree.of(client, object));
            converted.put(name, known);
        }
        return known.tree();
    }

    /**
     * The same, as trees.
     *
     * @param which of them
     */
    public List<ClusterObject> trees(Predicate<ObjectRef> which) {
        List<GenericKubernetesResource> ours = ours();
        converted.keySet().retainAll(ours.stream().map(Live::nameOf).collect(toSet()));
        return ours.stream()
                .filter(o -> which.test(refOf(o)))
                .map(o -> new ClusterObject(
                        o.getApiVersion(),
                        o.getKind(),
                        o.getMetadata().getNamespace(),
                        o.getMetadata().getName(),
                        treeOf(o)))
                .toList();
    }

    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::stop);
    }
}
