package io.moongate.operator.provider;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Optional;

/** Clients for clusters. */
public final class Clients {
    private Clients() {}

    /** @param kubeconfig empty: the cluster in which this runs, else as kubectl finds one */
    public static KubernetesClient of(Optional<Path> kubeconfig) {
        return kubeconfig
                .map(file -> new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(file.toFile())))
                .orElseGet(KubernetesClientBuilder::new)
                .build();
    }
}
