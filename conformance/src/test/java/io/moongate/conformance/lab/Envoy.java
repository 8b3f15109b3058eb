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
}
