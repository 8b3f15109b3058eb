package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** The client reads them, too: it would wait for a pipe for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "clusters: [{name: c, cluster: {certificate-authority: FILE}}]",
                "users: [{name: u, user: {client-certificate: FILE}}]",
                "users: [{name: u, user: {client-key: FILE}}]",
                "users: [{name: u, user: {tokenFile: FILE}}]"
            })
    void filesThatItNamesAreCheckedToo(String text) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path large = folder.resolve("large");
        try (var sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength((4L << 20) + 1);
        }
        Path file = folder.resolve("kubeconfig");
        for (String odd : new String[] {pipe.toString(), "pipe", "large", "/dev/zero"}) {
            Files.writeString(file, text.replace("FILE", odd));
            assertThatThrownBy(() -> Kubeconfig.readable(file))
                    .isInstanceOf(UserError.class)
                    .hasMessageStartingWith("a file that the kubeconfig names cannot be used, ")
                    .hasMessageContaining(folder.resolve(odd).toString())
                    .hasMessageContaining("in " + file);
        }
        Files.writeString(folder.resolve("certificate"), "any");
        Files.writeString(file, text.replace("FILE", "certificate"));
        assertThatCode(() -> Kubeconfig.readable(file)).doesNotThrowAnyException();
        Files.writeString(file, text.replace("FILE", "not-there"));
        assertThatCode(() -> Kubeconfig.readable(file)).as("the client tells").doesNotThrowAnyException();
    }
}
