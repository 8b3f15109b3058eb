package io.moongate.conformance.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The inputs that are kept: files in {@code src/test/resources/fuzz/TARGET}, and those that code makes. */
final class Cases {
    static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

    private Cases() {}

    /** By name. */
    static Map<String, byte[]> of(Target target) throws IOException {
        var all = new TreeMap<>(target.seeds());
        Path folder = FOLDER.resolve(target.label());
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    if (all.put(file.getFileName().toString(), Files.readAllBytes(file)) != null) {
                        throw new IOException("two cases have the name of " + file);
                    }
                }
            }
        }
        return all;
    }

    /** Words of the input's language, which mutation alone does not find. */
    static Optional<Path> dictionary(Target target) {
        return Optional.of(FOLDER.resolve(target.label() + ".dict")).filter(Files::exists);
    }
}
