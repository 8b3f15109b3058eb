package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A library reads kubeconfigs: what would hang it, or fill the memory, is refused before. */
class KubeconfigTest {
    private static final int LARGEST = 16 << 20;

    @TempDir
    Path folder;

    @Test
    void pipesDevicesAndFoldersAreRefused() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path odd : new Path[] {pipe, Path.of("/dev/zero"), folder}) {
            assertThatThrownBy(() -> Kubeconfig.readable(odd))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(odd + " is no regular file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "/dev/zero", "large", "folder"})
    void soAreTheFilesThatItNames(String odd) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createDirectory(folder.resolve("folder"));
        try (var sparse = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            sparse.setLength((4 << 20) + 1);
        }
        String why = odd.equals("large") ? " is larger than 4194304 bytes" : " is no regular file";
        Path file = folder.resolve("kubeconfig");
        for (String key : List.of("certificate-authority", "client-certificate", "client-key", "tokenFile")) {
            boolean ofCluster = key.equals("certificate-authority");
            Files.writeString(
                    file, kubeconfig(ofCluster ? key + ": " + odd : "server: x", ofCluster ? "" : key + ": " + odd));
            assertThatThrownBy(() -> Kubeconfig.readable(file))
                    .as(key)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(folder.resolve(odd) + why + " (" + key + " of 'x' in " + file + ")");
        }
        Files.writeString(file, kubeconfig("server: x", "exec: {command: ./" + odd + "}"));
        if (odd.equals("pipe") || odd.equals("folder")) {
            assertThatThrownBy(() -> Kubeconfig.readable(file)).hasMessageContaining("is no program (exec.command");
        }
    }

    /** Whether they are what they should be, the client says. */
    @Test
    void whatItDoesNotNeedCostsNothing() throws IOException {
        Path file = folder.resolve("kubeconfig");
        Files.writeString(folder.resolve("small"), "x");
        for (String text : List.of(
                "",
                "[",
                "users: 7",
                "users: [{name: x}]\nclusters: [{}]",
                kubeconfig("certificate-authority: gone", "client-key: small, exec: {command: kubelogin}"))) {
            Files.writeString(file, text);
            assertThatCode(() -> Kubeconfig.readable(file)).as(text).doesNotThrowAnyException();
        }
    }

    private static String kubeconfig(String cluster, String user) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: x, cluster: {%s}}]
                users: [{name: x, user: {%s}}]
                """.formatted(cluster, user);
    }

    @Test
    void itHasALargestSize() throws IOException {
        Path file = folder.resolve("kubeconfig");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LARGEST);
            assertThatCode(() -> Kubeconfig.readable(file)).doesNotThrowAnyException();
            sparse.setLength(LARGEST + 1L);
            assertThatThrownBy(() -> Kubeconfig.readable(file)).hasMessageContaining("larger than 16777216 bytes");
        }
    }

    @Test
    void theOnesOfKubectlAreFoundWhereItFindsThem() throws IOException {
        Path kube = Files.createDirectories(folder.resolve(".kube"));
        Path config = Files.createFile(kube.resolve("config"));
        Path other = Files.createFile(folder.resolve("other"));
        assertThat(Kubeconfig.ofKubectl(null, folder.toString())).containsExactly(config);
        assertThat(Kubeconfig.ofKubectl("", folder.toString())).containsExactly(config);
        assertThat(Kubeconfig.ofKubectl(null, null)).isEmpty();
        assertThat(Kubeconfig.ofKubectl(other + ":" + folder.resolve("gone"), folder.toString()))
                .containsExactly(other);
    }
}
