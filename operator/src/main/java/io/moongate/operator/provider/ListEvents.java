package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** An empty list is news, too; all else is told by the store. */
record ListEvents(Runnable changed) implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {}

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {}

    @Override
    public void onDelete(GenericKubernetesResource object, boolean stateUnknown) {}

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
        changed.run();
    }
}
