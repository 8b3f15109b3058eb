package io.moongate.operator.provider;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** Tells that something is different, whatever it is; an empty list is news, too. */
public record AnyChange<T>(Runnable changed) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
        changed.run();
    }

    @Override
    public void onUpdate(T before, T object) {
        changed.run();
    }

    @Override
    public void onDelete(T object, boolean stateUnknown) {
        changed.run();
    }

    @Override
    public void onList(String resourceVersion, boolean remainedEmpty) {
        changed.run();
    }
}
