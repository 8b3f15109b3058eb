package io.moongate.operator.provider;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Optional;

/** Clients for clusters. */
public final class Clients {
    private Clients() {}

    /** A kubeconfig that cannot be used; the message is a sentence for people. */
    public static final class UnusableKubeconfig extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private UnusableKubeconfig(Path file, Throwable cause) {
            super("the kubeconfig cannot be used, in " + file + ", give one that kubectl accepts", cause);
        }
    }

    /** @param kubeconfig empty: the cluster in which this runs, else as kubectl finds one */
    public static KubernetesClient of(Optional<Path> kubeconfig) {
        return kubeconfig.map(Clients::of).orElseGet(() -> new KubernetesClientBuilder().build());
    }

    private static KubernetesClient of(Path file) {
        try {
            return new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(file.toFile()))
                    .build();
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnusableKubeconfig(file, e);
        }
    }
}
