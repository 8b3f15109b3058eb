package io.moongate.manifest.file;

import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.LandscapeBuilder;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.landscape.Landscape;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was last in force, kept on disk for a start at which the source is away or broken. One JSON document a line; a
 * line that starts with {@code #} names the file from which the objects below it came.
 */
public final class LastGood {
    private static final String FROM = "# from ";
    /** Ten times what ten thousand shoots take. */
    static final long LARGEST = 512L << 20;

    private static final int LONGEST_LINE = 64 << 20;

    private final Path file;
    private final long heap;
    /** What the file holds; these are mostly the objects in force, and take no memory of their own. */
    private @Nullable Map<String, List<Manifest>> written;

    private int unreadableLines;

    public LastGood(Path file) {
        this(file, Runtime.getRuntime().maxMemory());
    }

    /** @param heap of the process, in bytes */
    LastGood(Path file, long heap) {
        this.file = file;
        this.heap = heap;
    }

    /** Objects by the file they came from; empty if nothing was kept yet. */
    public Map<String, List<Manifest>> read() throws IOException {
        var objects = new LinkedHashMap<String, List<Manifest>>();
        if (!Files.exists(file)) {
            return objects;
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException("it is larger than " + (LARGEST >> 20) + " MiB");
        }
        List<Manifest> current = new ArrayList<>();
        long most = heap / InputLimits.OBJECT_BYTES;
        long weight = 0;
        long withoutObject = 0;
        // What is not UTF-8 costs its line, not the file.
        try (var lines = new BoundedLines(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), longestLine())) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                boolean object = false;
                if (line.startsWith(FROM)) {
                    current = objects.computeIfAbsent(decoded(line.substring(FROM.length())), f -> new ArrayList<>());
                } else {
                    ManifestReader.Contents contents = ManifestReader.read(file.toString(), line);
                    current.addAll(contents.good());
                    unreadableLines += contents.failures().isEmpty() ? 0 : 1;
                    object = !contents.good().isEmpty();
                    weight +=
                            contents.good().stream().mapToInt(Manifest::weight).sum();
                }
                withoutObject += object ? 0 : 1;
                if (withoutObject > most) {
                    throw new IOException("more than " + most + " of its lines hold no object");
                }
                if (weight > most) {
                    throw new IOException("it holds more than the " + most + " objects that the heap of " + (heap >> 20)
                            + " MiB allows, give the process more memory (-Xmx)");
                }
            }
            unreadableLines += lines.tooLong();
        }
        refuseWithoutConfiguration(objects);
        return objects;
    }

    /** In characters. An object is a line, and as JSON at most twice as long as in its file. */
    private int longestLine() {
        return Math.clamp(2 * heap / InputLimits.FILE_SHARE, 1 << 20, LONGEST_LINE);
    }

    /** Of a line that cannot be read it is not known that it was not the configuration, with the access lists in it. */
    private void refuseWithoutConfiguration(Map<String, List<Manifest>> objects) throws IOException {
        boolean configured =
                objects.values().stream().flatMap(List::stream).anyMatch(Manifest.OfConfiguration.class::isInstance);
        if (unreadableLines > 0 && !configured) {
            throw new IOException(unreadableLines + " of its lines cannot be read, and none is a configuration");
        }
    }

    /** Lines that the last {@link #read} could not take. */
    public int unreadableLines() {
        return unreadableLines;
    }

    /** A file's name may hold a line's end. */
    private static String encoded(String name) {
        return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String decoded(String name) {
        var text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                i++;
                char escaped = name.charAt(i);
                text.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    public static Landscape landscape(Map<String, List<Manifest>> objects) {
        var builder = new LandscapeBuilder();
        objects.values().forEach(all -> all.forEach(builder::add));
        return builder.build();
    }

    /** @param objects which nobody changes any more */
    public void write(Map<String, List<Manifest>> objects) throws IOException {
        // Most changes of the input change something here; the check spares the disk when only problems came or went.
        if (!objects.equals(written)) {
            AtomicFiles.write(file, out -> writeTo(out, objects));
            written = objects;
        }
    }

    /** Line by line: the whole text of a large landscape would be a large part of the memory. */
    private static void writeTo(Writer out, Map<String, List<Manifest>> objects) throws IOException {
        for (var from : objects.entrySet()) {
            out.write(FROM + encoded(from.getKey()) + "\n");
            for (Manifest manifest : from.getValue()) {
                out.write(Trees.json(ManifestWriter.tree(manifest)) + "\n");
            }
        }
    }
}
