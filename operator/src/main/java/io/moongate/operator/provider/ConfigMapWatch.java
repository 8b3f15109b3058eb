package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

/** ConfigMaps of ours in one namespace, found by a label; tried again for ever where the API server is away. */
public final class ConfigMapWatch {
    private ConfigMapWatch() {}

    /** @param changed called when one of them changes */
    public static SharedIndexInformer<ConfigMap> start(
            KubernetesClient client, String namespace, String label, String value, Runnable changed) {
        var informer = client.configMaps()
                .inNamespace(namespace)
                .withLabel(label, value)
                .runnableInformer(0);
        informer.addEventHandler(new AnyChange<>(changed));
        informer.exceptionHandler((started, failure) -> true);
        informer.start();
        return informer;
    }
}
