package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The Envoy binary that ./verify installs. */
public final class Envoy {
    private Envoy() {}

    public static Path binary() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(System.getProperty("envoy.folder")))) {
            return all.filter(p -> p.getFileName().toString().equals("envoy"))
                    .filter(p -> Files.isRegularFile(p) && Files.isExecutable(p))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no Envoy; ./verify installs it"));
        }
    }

    /**
     * An Envoy outside any namespace. It asks the kernel to end it with the thread that started it, and JUnit runs what
     * is timed on threads of their own: so a shell that does nothing else is its parent, and ends with it.
     */
    public static Process start(Path bootstrap, Path log) throws IOException {
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "\"$@\" & wait",
                        "sh",
                        binary().toString(),
                        "-c",
                        bootstrap.toString(),
                        "--concurrency",
                        "1",
                        "--use-dynamic-base-id")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
