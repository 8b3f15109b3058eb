package io.moongate.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs Jazzer on {@link HeadFuzzer} for {@code -Dfuzz.seconds}, in a process of its own because it instruments the JVM. */
class FuzzTest {
    @TempDir
    Path folder;

    @Test
    void nothingThatIsSentFirstBreaksTheParsers() throws Exception {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        seed(corpus, "CONNECT a:1 HTTP/1.0\r\nX-Gardener-Destination: outbound|443||x\r\n\r\n");
        seed(corpus, "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8443\r\nGET /x?y HTTP/1.1\r\nHost: a.example:1\r\n\r\n");
        Files.write(
                corpus.resolve("v2"),
                HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb0071070a000001126720fb"));
        Process fuzzer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + HeadFuzzer.class.getName(),
                        "--instrumentation_includes=io.moongate.dataplane.wire.**:io.moongate.model.net.**",
                        "-max_total_time=" + System.getProperty("fuzz.seconds"),
                        "--custom_hook_includes=io.moongate.dataplane.wire.**",
                        "-max_len=2048",
                        corpus.toString()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(fuzzer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fuzzer.waitFor()).as(output).isZero();
        assertThat(output).as("it must really have run").containsPattern("Done \\d{4,} runs");
    }

    private static void seed(Path corpus, String text) throws IOException {
        Files.writeString(corpus.resolve(Integer.toHexString(text.hashCode())), text, StandardCharsets.ISO_8859_1);
    }
}
