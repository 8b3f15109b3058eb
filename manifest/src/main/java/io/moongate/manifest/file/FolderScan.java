package io.moongate.manifest.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The manifests below a folder, by path relative to it, and what they look like from outside. Polled rather than
 * watched: notifications miss network file systems, swapped symlinks and overflows (docs/adr/0003).
 */
final class FolderScan {
    private static final int MAX_DEPTH = 16;

    private final Path root;
    private final Map<String, Optional<Stamp>> files = new TreeMap<>();

    private FolderScan(Path root) {
        this.root = root;
    }

    /** Changes whenever the content may have changed: the key is the inode, so that a rename or symlink swap shows. */
    record Stamp(long size, long modifiedNanos, String key) {}

    /** Files with their stamps; an empty stamp is a file that is there but cannot be looked at. */
    static Map<String, Optional<Stamp>> of(Path root) throws IOException {
        var scan = new FolderScan(root);
        scan.list(root, 0);
        return scan.files;
    }

    private void list(Path folder, int depth) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                look(entry, depth);
            }
        }
    }

    private void look(Path entry, int depth) throws IOException {
        String name = entry.getFileName().toString();
        // Hidden names are editors' swap files and the timestamped folders of mounted ConfigMaps.
        if (name.startsWith(".")) {
            return;
        }
        boolean manifest = isManifest(name);
        try {
            var attributes = Files.readAttributes(entry, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                if (depth < MAX_DEPTH) {
                    list(entry, depth + 1);
                }
            } else if (manifest) {
                files.put(
                        relative(entry),
                        Optional.of(new Stamp(
                                attributes.size(),
                                attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                                String.valueOf(attributes.fileKey()))));
            }
        } catch (IOException e) {
            // A dangling link or a folder without permission: the file is there, so it must not count as deleted.
            if (manifest && Files.exists(entry, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                files.put(relative(entry), Optional.empty());
            } else if (!manifest && Files.isDirectory(entry)) {
                throw e;
            }
        }
    }

    private String relative(Path entry) {
        return root.relativize(entry).toString();
    }

    private static boolean isManifest(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
    }
}
