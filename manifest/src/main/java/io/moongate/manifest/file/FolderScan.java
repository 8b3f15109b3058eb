package io.moongate.manifest.file;

import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.yaml.Limit;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The manifests below a folder, by path relative to it, and what they look like from outside. Polled rather than
 * watched: notifications miss network file systems, swapped symlinks and overflows (docs/adr/0003). Nothing is opened
 * here, and each real folder is visited once, whatever links lead to it.
 */
final class FolderScan {
    static final int MAX_DEPTH = 16;
    static final int MAX_FOLDERS = 20_000;

    private static final char UNREADABLE_CHARACTER = '\ufffd';

    private final Path root;
    private final InputLimits limits;
    private final Before before;
    private final SortedMap<String, Found> files = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Set<Object> visited = new HashSet<>();
    private final Deque<Folder> linked = new ArrayDeque<>();

    private boolean whole = true;
    private int entryCount;

    private FolderScan(Path root, InputLimits limits, Before before) {
        this.root = root;
        this.limits = limits;
        this.before = before;
    }

    /** What was taken before. */
    interface Before {
        Set<String> files();

        /** Whether the file may hold the limits themselves: only the default size counts for it. */
        boolean configures(String file);

        /** Where there is no room for all files, those with the lowest rank are read. */
        int rank(String file, Stamp stamp);
    }

    private record Folder(Path path, int depth) {}

    /** Changes whenever the content may have changed: the key is the inode, so that a rename or symlink swap shows. */
    record Stamp(long size, long modifiedNanos, String key) {
        private static final Stamp UNKNOWN = new Stamp(0, 0, "");

        private static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(
                    attributes.size(),
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    String.valueOf(attributes.fileKey()));
        }
    }

    /**
     * A file that is there.
     *
     * @param refusal why it is not to be opened; empty where it may be read
     */
    record Found(Path path, Stamp stamp, Optional<Refusal> refusal) {}

    /** What a file that is not read may hold, as far as it matters for a configuration that nobody knows yet. */
    enum Content {
        NONE,
        SHOWN_BY_ITS_BEGINNING,
        ANYTHING
    }

    record Refusal(Problem.Code code, String what, String remedy, Content content) {}

    /**
     * @param unreadable folders that are there and cannot be listed: what is below them has not gone
     * @param whole whether each folder was entered
     * @param problems with folders
     */
    record Result(SortedMap<String, Found> files, Set<String> unreadable, boolean whole, List<Problem> problems) {
        /** Whether nothing can be said about this file. */
        boolean hides(String file) {
            return !whole || unreadable.stream().anyMatch(folder -> file.startsWith(folder + "/"));
        }
    }

    /**
     * Throws only where the folder itself cannot be listed.
     */
    static Result of(Path root, InputLimits limits, Before before) throws IOException {
        var scan = new FolderScan(root, limits, before);
        scan.visited.add(scan.keyOf(root));
        scan.list(new Folder(root, 0));
        // Real folders first: of several names for one folder its own is the one that stays.
        for (Folder next = scan.linked.poll(); next != null; next = scan.linked.poll()) {
            scan.enter(next);
        }
        if (!scan.whole) {
            scan.lookAtKnown();
        }
        scan.limit();
        if (!scan.whole) {
            scan.problems.add(Problem.at(
                    Problem.Code.LIMIT_EXCEEDED,
                    Place.wholeFile(root.toString()),
                    "there are more than " + MAX_FOLDERS + " folders, or "
                            + limits.names().most()
                            + " names in them; the others are not read, all they held stays in force",
                    "remove folders, or links to them" + limits.names().orRaise()));
        }
        return new Result(scan.files, scan.unreadable, scan.whole, scan.problems);
    }

    private Object keyOf(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return key == null ? folder.toRealPath() : key;
    }

    private void list(Folder folder) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.path())) {
            for (Path entry : all) {
                entryCount++;
                if (entryCount > limits.names().most()) {
                    whole = false;
                    break;
                }
                entries.add(entry);
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        for (Path entry : entries) {
            // Hidden names are editors' swap files and the timestamped folders of mounted ConfigMaps.
            if (!entry.getFileName().toString().startsWith(".")) {
                look(entry, folder.depth());
            }
        }
    }

    private void look(Path entry, int depth) throws IOException {
        boolean manifest = isManifest(entry.getFileName().toString());
        try {
            var attributes = Files.readAttributes(entry, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                var folder = new Folder(entry, depth + 1);
                if (Files.isSymbolicLink(entry)) {
                    linked.add(folder);
                } else {
                    enter(folder);
                }
            } else if (manifest) {
                String name = relative(entry);
                files.put(name, new Found(entry, Stamp.of(attributes), refusal(name, attributes)));
            }
        } catch (IOException e) {
            // A dangling link, or one that leads to itself: the file is there, so it must not count as deleted.
            boolean there = Files.exists(entry, LinkOption.NOFOLLOW_LINKS);
            if (!there && !Files.notExists(entry, LinkOption.NOFOLLOW_LINKS)) {
                // Nobody can say: its folder may be listed, and not entered.
                throw e;
            }
            if (!manifest && Files.isSymbolicLink(entry)) {
                // It may lead to a folder whose file system is away.
                hide(entry, "the link cannot be followed", e, "correct it");
            }
            if (manifest && there) {
                files.put(
                        relative(entry),
                        new Found(
                                entry,
                                Stamp.UNKNOWN,
                                Optional.of(new Refusal(
                                        Problem.Code.UNREADABLE_FILE,
                                        "the file cannot be read (" + RegularFiles.reason(e) + ")",
                                        "make it readable, or delete it",
                                        Content.ANYTHING))));
            }
        }
    }

    private void enter(Folder folder) {
        if (folder.depth() > MAX_DEPTH) {
            problems.add(Problem.at(
                    Problem.Code.LIMIT_EXCEEDED,
                    Place.wholeFile(relative(folder.path())),
                    "the folder is deeper than " + MAX_DEPTH + " levels; it is not read",
                    "move it up"));
            return;
        }
        try {
            Object key = keyOf(folder.path());
            if (visited.contains(key)) {
                return;
            }
            if (visited.size() > MAX_FOLDERS) {
                whole = false;
                return;
            }
            visited.add(key);
            list(folder);
        } catch (IOException e) {
            hide(folder.path(), "the folder cannot be listed", e, "make it readable");
        }
    }

    private void hide(Path entry, String what, IOException why, String remedy) {
        String name = relative(entry);
        unreadable.add(name);
        problems.add(Problem.at(
                Problem.Code.UNREADABLE_FILE,
                Place.wholeFile(name),
                what + " (" + RegularFiles.reason(why) + "); all it held stays in force",
                remedy + ", or delete it"));
    }

    private Optional<Refusal> refusal(String file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile()) {
            return Optional.of(new Refusal(
                    Problem.Code.UNREADABLE_FILE,
                    "the file is a pipe, a socket or a device, and only regular files are read",
                    "replace it by a regular file, or delete it",
                    Content.NONE));
        }
        Limit largest = (before.configures(file) ? limits.ofConfiguration() : limits).fileBytes();
        return attributes.size() > largest.most() ? Optional.of(tooLarge(largest)) : Optional.empty();
    }

    static Refusal tooLarge(Limit largest) {
        return new Refusal(
                Problem.Code.LIMIT_EXCEEDED,
                "the file is larger than " + largest.most() + " bytes",
                "split it" + largest.orRaise(),
                Content.SHOWN_BY_ITS_BEGINNING);
    }

    /** Names of which there are too many must not hide the edits of files that were there before them. */
    private void lookAtKnown() {
        for (String file : before.files()) {
            if (!files.containsKey(file) && file.indexOf(UNREADABLE_CHARACTER) < 0) {
                try {
                    look(root.resolve(file), MAX_DEPTH);
                } catch (IOException unknown) {
                    // All it held stays in force.
                }
            }
        }
    }

    /**
     * New files take the room that is left by those which were taken before, and none of theirs. Among equals the name
     * decides, so that the same files are read as long as nothing changes.
     */
    private void limit() {
        long bytes = 0;
        int count = 0;
        List<Map.Entry<String, Found>> inTurn = files.entrySet().stream()
                .filter(file -> file.getValue().refusal().isEmpty())
                .sorted(Comparator.comparingInt(
                        file -> before.rank(file.getKey(), file.getValue().stamp())))
                .toList();
        for (Map.Entry<String, Found> file : inTurn) {
            Found found = file.getValue();
            long size = found.stamp().size();
            Optional<Refusal> beyond = beyond(count + 1, bytes + size);
            if (beyond.isPresent() && !before.configures(file.getKey())) {
                files.put(file.getKey(), new Found(found.path(), found.stamp(), beyond));
            } else {
                count++;
                bytes += size;
            }
        }
    }

    private Optional<Refusal> beyond(int count, long bytes) {
        if (count > limits.files().most()) {
            return Optional.of(new Refusal(
                    Problem.Code.LIMIT_EXCEEDED,
                    "there are more than " + limits.files().most() + " files, and no room for this one",
                    "remove or join files" + limits.files().orRaise(),
                    Content.ANYTHING));
        }
        return bytes <= limits.totalBytes().most()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Problem.Code.LIMIT_EXCEEDED,
                        "with it there are more than " + limits.totalBytes().most() + " bytes in all",
                        "remove files" + limits.totalBytes().orRaise(),
                        Content.ANYTHING));
    }

    /**
     * A name whose bytes the process' locale cannot read has them as in a URI, behind a character that no other name
     * has: two files never have one name.
     */
    private String relative(Path entry) {
        Path below = root.relativize(entry);
        String decoded = below.toString();
        if (decoded.indexOf(UNREADABLE_CHARACTER) < 0) {
            return decoded;
        }
        List<String> raw = List.of(entry.toUri().getRawPath().split("/"));
        int first = raw.size() - below.getNameCount();
        return IntStream.range(0, below.getNameCount())
                .mapToObj(i -> {
                    String name = below.getName(i).toString();
                    return name.indexOf(UNREADABLE_CHARACTER) < 0 ? name : UNREADABLE_CHARACTER + raw.get(first + i);
                })
                .collect(Collectors.joining("/"));
    }

    private static boolean isManifest(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
    }
}
