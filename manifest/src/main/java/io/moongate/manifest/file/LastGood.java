package io.moongate.manifest.file;

import io.moongate.manifest.read.LandscapeBuilder;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.landscape.Landscape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was last in force, kept on disk for a start at which the source is away or broken. One JSON document a line; a
 * line that starts with {@code #} names the file from which the objects below it came.
 */
public final class LastGood {
    private static final String FROM = "# from ";

    private final Path file;
    private int writtenHash;

    public LastGood(Path file) {
        this.file = file;
    }

    /** Objects by the file they came from; empty if nothing was kept yet. */
    public Map<String, List<Manifest>> read() throws IOException {
        var objects = new LinkedHashMap<String, List<Manifest>>();
        if (!Files.exists(file)) {
            return objects;
        }
        List<Manifest> current = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(FROM)) {
                current = objects.computeIfAbsent(line.substring(FROM.length()), f -> new ArrayList<>());
            } else {
                current.addAll(ManifestReader.read(file.toString(), line).good());
            }
        }
        return objects;
    }

    public static Landscape landscape(Map<String, List<Manifest>> objects) {
        var builder = new LandscapeBuilder();
        objects.values().forEach(all -> all.forEach(builder::add));
        return builder.build();
    }

    public void write(Map<String, List<Manifest>> objects) throws IOException {
        var text = new StringBuilder();
        objects.forEach((from, manifests) -> {
            text.append(FROM).append(from).append('\n');
            manifests.forEach(
                    m -> text.append(Trees.json(ManifestWriter.tree(m))).append('\n'));
        });
        // Most changes of the input change something here; the check spares the disk when only problems came or went.
        int hash = text.toString().hashCode();
        if (hash != writtenHash) {
            AtomicFiles.write(file, text.toString());
            writtenHash = hash;
        }
    }
}
