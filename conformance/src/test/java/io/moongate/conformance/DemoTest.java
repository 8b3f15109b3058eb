package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.Lab;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a newcomer runs. */
@Timeout(180)
class DemoTest {
    @TempDir
    Path folder;

    @Test
    void theWholeStoryIsToldAndNothingIsLeftBehind() throws Exception {
        Lab.Ended demo = Lab.ended(
                "env",
                "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + folder,
                System.getProperty("launcher"),
                "demo",
                "--shoots",
                "4",
                "--pause",
                "0");
        assertThat(demo.exit()).as(demo.output()).isZero();
        assertThat(demo.output())
                .containsSubsequence(
                        "legacy 4 tunnels",
                        "unified 3 tunnels, legacy 1 tunnels",
                        "garden-demo/liar  Active  Contradiction",
                        "refused; nothing was changed",
                        "nothing blocks the removal",
                        "the legacy port is closed",
                        "the legacy port is open again",
                        "but for each shoot's own move: 0");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whoHasSeenEnoughEndsIt() throws Exception {
        Process demo = new ProcessBuilder(
                        "env",
                        "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + folder,
                        System.getProperty("launcher"),
                        "demo",
                        "--shoots",
                        "2")
                .redirectErrorStream(true)
                .start();
        try (var lines = demo.inputReader()) {
            while (!String.valueOf(lines.readLine()).contains("legacy 2 tunnels")) {
                assertThat(demo.isAlive()).isTrue();
            }
            demo.toHandle().destroy();
            assertThat(lines.lines().toList()).contains("ended early; nothing is left behind");
        }
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(folder).isEmptyDirectory();
    }
}
