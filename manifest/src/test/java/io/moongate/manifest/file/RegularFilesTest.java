package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFilesTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** It took the place of a file that was looked at before: nobody writes to it. */
    @Test
    void aPipeThatNobodyWritesToCostsNobodyHisThread() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> RegularFiles.read(pipe, 10, Duration.ofMillis(50)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(pipe + " could not be read within 50 ms");
        }
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThat(RegularFiles.read(file, 3, LONG)).asString().isEqualTo("tex");
    }

    @Test
    void whatFailsFailsAsItDid() {
        assertThatThrownBy(() -> RegularFiles.read(folder.resolve("gone"), 10, LONG))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> RegularFiles.text(Path.of("/dev/zero"), 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no regular file");
    }
}
