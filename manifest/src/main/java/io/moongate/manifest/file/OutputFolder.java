package io.moongate.manifest.file;

import io.moongate.manifest.write.Trees;
import io.moongate.model.plan.GeneratedFile;
import java.io.IOException;
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
            String before = Files.exists(target) ? Files.readString(target) : "";
            if (!before.equals(after)) {
                differences.add(new Difference(file.path(), before, after));
            }
        }
        for (var stale : stale(wanted).entrySet()) {
            differences.add(new Difference(stale.getKey(), Files.readString(stale.getValue()), ""));
        }
        return differences;
    }

    /** Makes the folder hold exactly these files of ours; returns what changed. */
    public List<Difference> write(List<GeneratedFile> files) throws IOException {
        List<Difference> differences = compare(files);
        for (Difference difference : differences) {
            Path target = folder.resolve(difference.path());
            if (!difference.after().isEmpty()) {
                AtomicFiles.write(target, difference.after());
            } else {
                Files.deleteIfExists(target);
                deleteIfEmpty(target.resolve("..").normalize());
            }
        }
        return differences;
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
        }
        return stale;
    }

    private static boolean isOurs(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (!name.endsWith(".ovpn") && !name.endsWith(".yaml")) {
            return false;
        }
        try (var reader = Files.newBufferedReader(path)) {
            String first = reader.readLine();
            return first != null && first.contains(MARK);
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
