package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.moongate.manifest.file.RegularFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files that a kubeconfig names. The client reads them whole: from a pipe for ever, from a device until memory ends. */
public final class KubeconfigFiles {
    /** Of certificates, a key or a token. */
    private static final int LARGEST = 4 << 20;

    private KubeconfigFiles() {}

    /** Throws where one of them is there, and is no regular file or too large; of all else the client says so. */
    public static void require(Path kubeconfig) throws IOException {
        Config config;
        try {
            config = KubeConfigUtils.parseConfig(kubeconfig.toFile());
        } catch (RuntimeException | StackOverflowError e) {
            return;
        }
        if (config == null) {
            return;
        }
        for (var named : orEmpty(config.getClusters())) {
            Cluster cluster = Optional.ofNullable(named.getCluster()).orElseGet(Cluster::new);
            require(kubeconfig, cluster.getCertificateAuthority(), "certificate-authority", named.getName());
        }
        for (var named : orEmpty(config.getUsers())) {
            AuthInfo user = Optional.ofNullable(named.getUser()).orElseGet(AuthInfo::new);
            require(kubeconfig, user.getClientCertificate(), "client-certificate", named.getName());
            require(kubeconfig, user.getClientKey(), "client-key", named.getName());
            require(kubeconfig, user.getTokenFile(), "tokenFile", named.getName());
            Optional<ExecConfig> exec = Optional.ofNullable(user.getExec());
            if (exec.isPresent()) {
                requireProgram(kubeconfig, exec.get().getCommand(), named.getName());
            }
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static void require(Path kubeconfig, @Nullable String named, String key, String of) throws IOException {
        Optional<Path> file = existing(kubeconfig, named);
        try {
            if (file.isPresent()) {
                RegularFiles.require(file.get(), LARGEST);
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (" + key + " of '" + of + "' in " + kubeconfig + ")", e);
        }
    }

    /** One without a folder is looked for among the programs, and run by the system. */
    private static void requireProgram(Path kubeconfig, @Nullable String command, String of) throws IOException {
        if (command == null || !command.contains(FileSystems.getDefault().getSeparator())) {
            return;
        }
        Optional<Path> program = existing(kubeconfig, command);
        if (program.isPresent() && !Files.isRegularFile(program.get())) {
            throw new IOException(
                    program.get() + " is no program (exec.command of '" + of + "' in " + kubeconfig + ")");
        }
    }

    /** As kubectl does, relative to the kubeconfig. */
    private static Optional<Path> existing(Path kubeconfig, @Nullable String named) {
        if (named == null || named.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(kubeconfig.toAbsolutePath().resolveSibling(named))
                    .filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
