package io.moongate.operator.landscape;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seeds that a kubeconfig names, each by a context.
 *
 * @param file empty: the one that kubectl uses
 */
public record SeedContexts(Optional<Path> file) {
    /** @throws IOException if it cannot be read, with the reason */
    public List<String> names() throws IOException {
        return Optional.ofNullable(config(null).getContexts()).orElse(List.of()).stream()
                .map(context -> context.getName())
                .toList();
    }

    /** @param context one of {@link #names}: of another the client would silently take the current one */
    public ServiceProxy proxy(String context, String namespace, String service, String port) throws IOException {
        return new ServiceProxy(
                new KubernetesClientBuilder().withConfig(config(context)).build(), namespace, service, port);
    }

    private Config config(@Nullable String context) throws IOException {
        try {
            return file.map(path -> Config.fromKubeconfig(context, path.toFile()))
                    .orElseGet(() -> Config.autoConfigure(context));
        } catch (KubernetesClientException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }
}
