package io.moongate.conformance.fuzz;

import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fuzz target for the file of what was last in force: a full disk or a person may have left anything in it. Only
 * IOException may be thrown; what is read can be written and read again.
 */
public final class LastGoodFuzzer {
    private static final Path FILE = file();

    private LastGoodFuzzer() {}

    /** In memory where there is such a folder: each write waits for the disk. */
    private static Path file() {
        try {
            Path memory = Path.of("/dev/shm");
            Path folder = Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "fuzz")
                    : Files.createTempDirectory("fuzz");
            Path file = folder.resolve("last-good.jsonl");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Files.deleteIfExists(file);
                    Files.deleteIfExists(folder);
                } catch (IOException left) {
                    System.err.println("left: " + folder + " " + left);
                }
            }));
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        Map<String, List<Manifest>> objects;
        try {
            objects = new LastGood(FILE).read();
        } catch (IOException refused) {
            return;
        }
        LastGood.landscape(objects);
        if (objects.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        new LastGood(FILE).write(objects);
        Map<String, List<Manifest>> again = new LastGood(FILE).read();
        Check.that(
                written(objects).equals(written(again)),
                "written and read again: " + objects + " " + again + " "
                        + Files.readString(FILE, StandardCharsets.UTF_8));
    }

    private static Map<String, List<Manifest>> written(Map<String, List<Manifest>> objects) {
        var all = new LinkedHashMap<String, List<Manifest>>();
        objects.forEach((from, manifests) ->
                all.put(from, manifests.stream().map(RoundTrip::written).toList()));
        return all;
    }
}
