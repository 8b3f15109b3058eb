package io.moongate.manifest.file;

import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderScan.Stamp;
import io.moongate.manifest.read.LandscapeBuilder;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder of manifests. A file whose content may have changed is taken once it has
 * been quiet for {@link #QUIET}, or after {@link #AT_MOST}. Not safe for use by several threads.
 */
public final class FolderSource implements ManifestSource {
    public static final Duration QUIET = Duration.ofMillis(200);
    public static final Duration AT_MOST = Duration.ofSeconds(2);

    private final Path folder;
    private final Map<String, FileState> files = new TreeMap<>();
    private final Map<String, Optional<Stamp>> taken = new HashMap<>();
    private final Map<String, Pending> pending = new HashMap<>();
    private List<Problem> folderProblems = List.of();
    private Snapshot snapshot = new Snapshot(Landscape.EMPTY, Map.of(), List.of());

    private record Pending(Optional<Stamp> stamp, boolean deleted, Instant firstSeen, Instant lastChange) {}

    /** @param held what was last good before a restart, by the file it came from */
    public FolderSource(Path folder, Map<String, List<Manifest>> held) {
        this.folder = folder;
        held.forEach((file, manifests) -> {
            var objects = new LinkedHashMap<ObjectRef, Manifest>();
            manifests.forEach(m -> objects.put(m.ref(), m));
            files.put(file, new FileState(objects, "", List.of()));
        });
        snapshot = assemble();
    }

    @Override
    public Look look(Instant now) {
        List<Problem> problemsBefore = folderProblems;
        boolean changed;
        try {
            changed = take(FolderScan.of(folder), now);
        } catch (IOException e) {
            changed = false;
            folderProblems = List.of(away("cannot be read (" + reason(e) + ")"));
        }
        changed |= !folderProblems.equals(problemsBefore);
        if (changed) {
            snapshot = assemble();
        }
        return new Look(snapshot, changed, pending.isEmpty());
    }

    private boolean take(Map<String, Optional<Stamp>> seen, Instant now) {
        if (seen.isEmpty() && !files.isEmpty()) {
            // An unmounted folder looks like this; whoever wants to remove everything can say so file by file.
            folderProblems = List.of(away("holds no manifest any more"));
            return false;
        }
        folderProblems = List.of();
        boolean changed = false;
        for (var file : seen.entrySet()) {
            if (!file.getValue().equals(taken.get(file.getKey()))) {
                changed |= consider(file.getKey(), file.getValue(), false, now);
            } else {
                pending.remove(file.getKey());
            }
        }
        for (String file : List.copyOf(files.keySet())) {
            if (!seen.containsKey(file)) {
                changed |= consider(file, Optional.empty(), true, now);
            }
        }
        pending.keySet().removeIf(file -> !seen.containsKey(file) && !files.containsKey(file));
        return changed;
    }

    private boolean consider(String file, Optional<Stamp> stamp, boolean deleted, Instant now) {
        Pending known = pending.get(file);
        if (known == null) {
            Instant since = isOld(stamp, deleted, now) ? now.minus(QUIET) : now;
            known = new Pending(stamp, deleted, since, since);
        } else if (!known.stamp().equals(stamp) || known.deleted() != deleted) {
            known = new Pending(stamp, deleted, known.firstSeen(), now);
        }
        pending.put(file, known);
        boolean late = !now.isBefore(known.firstSeen().plus(AT_MOST));
        boolean quiet = !now.isBefore(known.lastChange().plus(QUIET));
        if (!quiet && !late) {
            return false;
        }
        if (deleted) {
            pending.remove(file);
            taken.remove(file);
            return files.remove(file) != null;
        }
        return read(file, stamp, late);
    }

    /** At the first look most files have been there for long: no reason to wait for them. */
    private boolean isOld(Optional<Stamp> stamp, boolean deleted, Instant now) {
        return !deleted
                && taken.isEmpty()
                && stamp.filter(s -> s.modifiedNanos() / 1_000_000 < now.toEpochMilli() - AT_MOST.toMillis())
                        .isPresent();
    }

    private boolean read(String file, Optional<Stamp> stamp, boolean late) {
        FileState before = files.getOrDefault(file, FileState.NEW);
        FileState after;
        try {
            String text = readText(folder.resolve(file));
            if (before.isBeginningOfLast(text) && !late) {
                // Shorter than before and equal so far: most likely somebody is still writing it.
                return false;
            }
            after = before.take(file, text);
        } catch (CharacterCodingException e) {
            after = before.kept(
                    Problem.Code.UNREADABLE_FILE,
                    file,
                    "the file is not UTF-8 text; all it held stays in force",
                    "write it as UTF-8");
        } catch (IOException e) {
            after = before.kept(
                    Problem.Code.UNREADABLE_FILE,
                    file,
                    "the file cannot be read (" + reason(e) + "); all it held stays in force",
                    "make it readable, or delete it");
        }
        files.put(file, after);
        taken.put(file, stamp);
        pending.remove(file);
        return true;
    }

    private static String readText(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private Snapshot assemble() {
        var objects = new TreeMap<String, List<Manifest>>();
        var owners = new HashMap<ObjectRef, String>();
        var problems = new ArrayList<>(folderProblems);
        var landscape = new LandscapeBuilder();
        files.forEach((file, state) -> {
            problems.addAll(state.problems());
            var own = new ArrayList<Manifest>();
            for (Manifest manifest : state.objects().values()) {
                String owner = owners.putIfAbsent(manifest.ref(), file);
                if (owner == null) {
                    own.add(manifest);
                    landscape.add(manifest);
                } else {
                    problems.add(FileState.duplicate(manifest.ref(), file, owner));
                }
            }
            objects.put(file, own);
        });
        return new Snapshot(landscape.build(), objects, List.copyOf(problems));
    }

    private Problem away(String how) {
        return Problem.at(
                Problem.Code.SOURCE_AWAY,
                Place.wholeFile(folder.toString()),
                "the landscape folder " + how + "; all it held stays in force",
                "make it available again");
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }
}
