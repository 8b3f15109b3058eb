package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of each object that is wanted what a watch needs to know: who it is, and its version. Gardener's Shoots are
 * large. What comes is shown whole once, here, because event handlers are given what is kept.
 */
final class NamesOnly implements ItemStore<GenericKubernetesResource> {
    private final Map<String, GenericKubernetesResource> items = new ConcurrentHashMap<>();

    private final Predicate<String> wanted;
    private final Consumer<GenericKubernetesResource> taken;
    private final Consumer<GenericKubernetesResource> dropped;

    /** @param wanted by an object's name */
    NamesOnly(
            Predicate<String> wanted,
            Consumer<GenericKubernetesResource> taken,
            Consumer<GenericKubernetesResource> dropped) {
        this.wanted = wanted;
        this.taken = taken;
        this.dropped = dropped;
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /**
     * Takes it, read beside the watch, if the watch knows the same version of it: with another one, either could be the
     * older.
     */
    synchronized boolean takeAgain(GenericKubernetesResource object) {
        GenericKubernetesResource known = items.get(getKey(object));
        boolean same = known != null
                && known.getMetadata()
                        .getResourceVersion()
                        .equals(object.getMetadata().getResourceVersion());
        if (same) {
            taken.accept(object);
        }
        return same;
    }

    @Override
    public synchronized @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        if (!wanted.test(object.getMetadata().getName())) {
            return null;
        }
        taken.accept(object);
        var name = new GenericKubernetesResource();
        name.setApiVersion(object.getApiVersion());
        name.setKind(object.getKind());
        name.setMetadata(new ObjectMetaBuilder()
                .withNamespace(object.getMetadata().getNamespace())
                .withName(object.getMetadata().getName())
                .withUid(object.getMetadata().getUid())
                .withResourceVersion(object.getMetadata().getResourceVersion())
                .build());
        return items.put(key, name);
    }

    @Override
    public synchronized @Nullable GenericKubernetesResource remove(String key) {
        GenericKubernetesResource known = items.remove(key);
        if (known != null) {
            dropped.accept(known);
        }
        return known;
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return items.get(key);
    }
}
