package io.moongate.operator.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Optional;

/** Clients for clusters. */
public final class Clients {
    /** Deeper than an API server takes: a client that refuses one object of a list would lose the whole list. */
    private static final int MAX_DEPTH = 20_000;

    private static final int LONGEST_NAME = 2 << 20;
    private static final int LONGEST_NUMBER = 100_000;

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
        return kubeconfig.map(Clients::of).orElseGet(() -> builder().build());
    }

    private static KubernetesClientBuilder builder() {
        return new KubernetesClientBuilder().withKubernetesSerialization(serialization());
    }

    /** Objects as an API server may hold them, also with a {@code providerConfig} of a thousand levels. */
    static KubernetesSerialization serialization() {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNameLength(LONGEST_NAME)
                .maxNumberLength(LONGEST_NUMBER)
                .build();
        var json = JsonFactory.builder().streamReadConstraints(constraints).build();
        return new KubernetesSerialization(new ObjectMapper(json), true);
    }

    private static KubernetesClient of(Path file) {
        try {
            return builder().withConfig(Config.fromKubeconfig(file.toFile())).build();
        } catch (RuntimeException | StackOverflowError e) {
            throw new UnusableKubeconfig(file, e);
        }
    }
}
