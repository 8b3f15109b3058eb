package io.moongate.operator.shoots;

import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens a shoot's API server by the kubeconfig in its seed namespace: read anew each time, because it rotates; never
 * logged, never kept. The address in it is the one inside the seed, so no tunnel is needed to look at the tunnels.
 */
final class ShootAccess {
    /** In-cluster address first; the other goes through the very ingress that is being changed. */
    private static final List<String> SECRETS = List.of("gardener-internal", "gardener");

    private static final String KEY = "kubeconfig";
    /** One for all: each learns anew what the kinds look like, which costs more than a look. */
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final KubernetesClient seed;

    ShootAccess(KubernetesClient seed) {
        this.seed = seed;
    }

    /** The shoot cannot be looked at now; the message says why and holds no secret. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String why) {
            super(why);
        }
    }

    /** To be closed soon: no connection is kept for each shoot. */
    KubernetesClient open(String technicalId) throws Unavailable {
        for (String name : SECRETS) {
            Secret secret =
                    seed.secrets().inNamespace(technicalId).withName(name).get();
            String encoded = secret == null || secret.getData() == null
                    ? null
                    : secret.getData().get(KEY);
            if (encoded != null) {
                return client(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8), name);
            }
        }
        throw new Unavailable("no Secret " + String.join(" or ", SECRETS) + " with a kubeconfig in " + technicalId);
    }

    static KubernetesClient client(String kubeconfig, String secret) throws Unavailable {
        Config config = Config.fromKubeconfig(checked(kubeconfig, secret));
        boolean credentials = isThere(config.getAutoOAuthToken())
                || isThere(config.getOauthToken())
                || isThere(config.getClientCertData());
        if (!credentials) {
            throw new Unavailable("the kubeconfig in Secret " + secret + " has no credentials yet");
        }
        config.setConnectionTimeout((int) TIMEOUT.toMillis());
        config.setRequestTimeout((int) TIMEOUT.toMillis());
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(SERIALIZATION)
                .build();
    }

    /**
     * The kubeconfig as it was understood, not as it was written: one can make its reader run programs and read files, and
     * in YAML there are many ways to say that.
     */
    private static String checked(String kubeconfig, String secret) throws Unavailable {
        io.fabric8.kubernetes.api.model.Config parsed;
        try {
            parsed = SERIALIZATION.unmarshal(kubeconfig, io.fabric8.kubernetes.api.model.Config.class);
        } catch (RuntimeException e) {
            throw new Unavailable("the kubeconfig in Secret " + secret + " cannot be read");
        }
        if (parsed == null) {
            throw new Unavailable("the kubeconfig in Secret " + secret + " is empty");
        }
        boolean foreign = parsed.getUsers().stream()
                        .map(NamedAuthInfo::getUser)
                        .filter(Objects::nonNull)
                        .anyMatch(user -> user.getExec() != null
                                || user.getAuthProvider() != null
                                || isThere(user.getTokenFile())
                                || isThere(user.getClientKey())
                                || isThere(user.getClientCertificate()))
                || parsed.getClusters().stream()
                        .map(NamedCluster::getCluster)
                        .filter(Objects::nonNull)
                        .anyMatch(cluster -> isThere(cluster.getCertificateAuthority()));
        if (foreign) {
            throw new Unavailable(
                    "the kubeconfig in Secret " + secret + " asks to run a program or to read a file; it is not used");
        }
        return SERIALIZATION.asYaml(parsed);
    }

    private static boolean isThere(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
