package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files with certificates, keys and tokens that a kubeconfig names. */
public final class KubeconfigFiles {
    private KubeconfigFiles() {}

    /** Relative ones lie beside it. Of what is no kubeconfig, none: the client that uses it tells what is wrong. */
    public static List<Path> namedIn(Path kubeconfig) {
        try {
            var parsed = KubeConfigUtils.parseConfig(kubeconfig.toFile());
            Stream<String> ofClusters = parsed.getClusters().stream()
                    .map(NamedCluster::getCluster)
                    .filter(Objects::nonNull)
                    .map(Cluster::getCertificateAuthority);
            Stream<String> ofUsers = parsed.getUsers().stream()
                    .map(NamedAuthInfo::getUser)
                    .filter(Objects::nonNull)
                    .flatMap(user -> Stream.of(user.getClientCertificate(), user.getClientKey(), user.getTokenFile()));
            return Stream.concat(ofClusters, ofUsers)
                    .filter(name -> name != null && !name.isBlank())
                    .map(name -> kubeconfig.toAbsolutePath().resolveSibling(name))
                    .toList();
        } catch (RuntimeException | StackOverflowError e) {
            return List.of();
        }
    }
}
