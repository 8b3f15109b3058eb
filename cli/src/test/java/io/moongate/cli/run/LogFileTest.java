package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path folder;

    @Test
    void aRenamedFileIsOpenedAnew() throws IOException {
        Path path = Files.writeString(folder.resolve("access.log"), "before\n");
        Path rotated = folder.resolve("access.log.1");
        try (var log = new LogFile(path)) {
            log.write("one\n".getBytes(StandardCharsets.UTF_8));
            Files.move(path, rotated);
            await().until(() -> {
                log.write("x\n".getBytes(StandardCharsets.UTF_8));
                return Files.exists(path);
            });
            log.write("two\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(rotated).content().startsWith("before\none\n");
        assertThat(path).content().isEqualTo("x\ntwo\n");
    }
}
