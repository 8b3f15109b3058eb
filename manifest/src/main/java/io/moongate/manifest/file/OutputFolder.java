package io.moongate.manifest.file;

import io.moongate.manifest.write.Trees;
import io.moongate.model.plan.GeneratedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folder into which generated files go. Files that it did not generate are left alone. */
public final class OutputFolder {
    private static final String MARK = "Written by Moongate";
    /** So many bytes are looked at for it. */
    private static final int LONGEST_MARK = 512;

    /** Of what is read back to be compared; ours are far smaller. */
    private static final int LARGEST = 16 << 20;

    private final Path folder;

    public OutputFolder(Path folder) {
        this.folder = folder;
    }

    /** What would be different: {@code before} or {@code after} is empty for files that appear or go. */
    public record Difference(String path, String before, String after) {}

    public static String render(GeneratedFile file) {
        return switch (file.content()) {
            case GeneratedFile.Content.Text text -> text.text();
            case GeneratedFile.Content.Document document ->
                "# " + document.comment() + "\n" + Trees.yaml(document.tree());
        };
    }

    public List<Difference> compare(List<GeneratedFile> files) throws IOException {
        var differences = new ArrayList<Difference>();
        var wanted = new HashSet<String>();
        for (GeneratedFile file : files) {
            wanted.add(file.path());
            String after = render(file);
            Path target = folder.resolve(file.path());
            String before = textOf(target);
            if (!before.equals(after)) {
                differences.add(new Difference(file.path(), before, after));
            }
        }
        for (var stale : stale(wanted).entrySet()) {
            differences.add(new Difference(stale.getKey(), textOf(stale.getValue()), ""));
        }
        return differences;
    }

    /** What is odd, too large or cannot be read is none of ours: it counts as different, and is written anew. */
    private static String textOf(Path target) {
        try {
            return RegularFiles.text(target, LARGEST);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Makes the folder hold exactly these files of ours; returns what changed. What cannot be written costs itself:
     * all others are written before this throws.
     */
    public List<Difference> write(List<GeneratedFile> files) throws IOException {
        List<Difference> differences = compare(files);
        var failed = new ArrayList<String>();
        for (Difference difference : differences) {
            try {
                write(difference);
            } catch (IOException e) {
                failed.add(difference.path() + ": " + e.getClass().getSimpleName());
            }
        }
        if (!failed.isEmpty()) {
            throw new IOException(failed.size() + " of " + files.size() + " files, first " + failed.getFirst());
        }
        return differences;
    }

    private void write(Difference difference) throws IOException {
        Path target = folder.resolve(difference.path());
        if (!difference.after().isEmpty()) {
            AtomicFiles.write(target, difference.after());
        } else {
            Files.deleteIfExists(target);
            deleteIfEmpty(target.resolve("..").normalize());
        }
    }

    private Map<String, Path> stale(Set<String> wanted) throws IOException {
        var stale = new TreeMap<String, Path>();
        if (!Files.isDirectory(folder)) {
            return stale;
        }
        try (Stream<Path> all = Files.walk(folder, 2)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                String relative = folder.relativize(path).toString();
                if (!wanted.contains(relative) && isOurs(path)) {
                    stale.put(relative, path);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return stale;
    }

    private static boolean isOurs(Path path) {
        String name = path.getFileName().toString();
        if (!name.endsWith(".ovpn") && !name.endsWith(".yaml") && !name.endsWith(".sh")) {
            return false;
        }
        try {
            String beginning = new String(RegularFiles.beginning(path, LONGEST_MARK), StandardCharsets.ISO_8859_1);
            return beginning
                    .lines()
                    .findFirst()
                    .filter(first -> first.contains(MARK))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try (Stream<Path> rest = Files.list(folder)) {
            if (rest.findAny().isPresent()) {
                return;
            }
        }
        Files.deleteIfExists(folder);
    }
}
