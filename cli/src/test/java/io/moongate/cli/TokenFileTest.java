package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that a person has named, and that is none: a sentence, and no process that hangs. */
@Timeout(30)
class TokenFileTest {
    @TempDir
    Path folder;

    @Test
    void aTokenIsReadWithoutItsLineEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "t".repeat(300) + "\n");
        assertThat(TokenFile.read(file)).isEqualTo("t".repeat(300));
        Files.writeString(file, "t".repeat(301));
        assertThatThrownBy(() -> TokenFile.read(file)).hasMessageContaining("has 301 characters, not 20 to 300");
        Files.writeString(file, "t".repeat(4097));
        assertThatThrownBy(() -> TokenFile.read(file)).hasMessageContaining("larger than 4096 bytes");
    }

    @Test
    void aPipeAndADeviceAreNoToken() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path path : new Path[] {pipe, Path.of("/dev/zero"), folder}) {
            assertThatThrownBy(() -> TokenFile.read(path)).hasMessageContaining("is no regular file");
        }
        assertThatThrownBy(() -> Kubeconfig.readable(pipe)).hasMessageContaining("is no regular file");
        assertThatThrownBy(() -> TokenFile.read(folder.resolve("none"))).hasMessageContaining("NoSuchFile");
    }
}
