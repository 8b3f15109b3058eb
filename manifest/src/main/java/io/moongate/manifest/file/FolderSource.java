package io.moongate.manifest.file;

import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderScan.Content;
import io.moongate.manifest.file.FolderScan.Found;
import io.moongate.manifest.file.FolderScan.Refusal;
import io.moongate.manifest.read.BrokenDocument;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.LandscapeBuilder;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.InputSettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A folder of manifests. A file whose content may have changed is taken once it has
 * been quiet for {@link #QUIET}, or after {@link #AT_MOST}. Not safe for use by several threads.
 */
public final class FolderSource implements ManifestSource {
    public static final Duration QUIET = Duration.ofMillis(200);
    public static final Duration AT_MOST = Duration.ofSeconds(2);
    /** So long after a failure a file is read again, though it looks the same: {@code chmod} changes nothing to see. */
    static final Duration RETRY = Duration.ofSeconds(5);

    private final Path folder;
    private final Map<String, FileState> files = new TreeMap<>();
    private final Map<String, Found> taken = new HashMap<>();
    private final Map<String, Pending> pending = new HashMap<>();
    /** Files that could not be read, though nothing of them says that it will stay so: when to try again. */
    private final Map<String, Instant> retries = new HashMap<>();

    private List<Problem> folderProblems = List.of();
    /** Those of them that are about folders which were not read. */
    private List<Problem> unentered = List.of();
    /** Whether something was taken that the snapshot does not show yet. */
    private boolean dirty;

    private Snapshot snapshot = new Snapshot(Landscape.EMPTY, Map.of(), List.of());

    private final long heap;
    private InputSettings settings = ConfigurationReader.defaults().input();
    private InputLimits limits;
    /** As how many objects those of all files count. */
    private int weight;
    /** Files for which there was no room, and how much there was. */
    private final Map<String, Integer> overfull = new HashMap<>();

    /** @param found empty where the file has gone */
    private record Pending(Optional<Found> found, Instant firstSeen, Instant lastChange) {}

    private final FolderScan.Before takenBefore = new FolderScan.Before() {
        @Override
        public Set<String> files() {
            return files.keySet();
        }

        @Override
        public boolean configures(String file) {
            return FolderSource.this.configures(file);
        }

        // What holds objects comes first, and before an edit of it what has not changed.
        @Override
        public int rank(String file, FolderScan.Stamp stamp) {
            Optional<Found> known = Optional.ofNullable(taken.get(file));
            boolean refused = known.filter(f -> f.refusal().isPresent()).isPresent();
            boolean unchanged =
                    !refused && known.filter(f -> f.stamp().equals(stamp)).isPresent();
            if (!files.getOrDefault(file, FileState.NEW).objects().isEmpty()) {
                return unchanged ? 0 : refused ? 2 : 1;
            }
            return unchanged ? 3 : 4;
        }
    };

    /** @param held what was last good before a restart, by the file it came from */
    public FolderSource(Path folder, Map<String, List<Manifest>> held) {
        this(folder, held, Runtime.getRuntime().maxMemory());
    }

    /** @param heap of the process, in bytes */
    FolderSource(Path folder, Map<String, List<Manifest>> held, long heap) {
        this.folder = folder;
        this.heap = heap;
        this.limits = InputLimits.of(settings, heap);
        held.forEach((file, manifests) -> {
            var objects = new LinkedHashMap<ObjectRef, Manifest>();
            manifests.forEach(m -> objects.put(m.ref(), m));
            FileState state = FileState.ofLastGood(objects);
            files.put(file, state);
            weight += state.weight();
        });
        snapshot = assemble();
        followLimits();
    }

    @Override
    public Look look(Instant now) {
        try {
            take(FolderScan.of(folder, limits, takenBefore), now);
        } catch (IOException e) {
            say(List.of(away("cannot be read (" + RegularFiles.reason(e) + ")")));
        }
        boolean changed = dirty;
        if (changed) {
            snapshot = assemble();
            dirty = false;
        }
        boolean otherLimits = followLimits();
        return new Look(snapshot, changed, pending.isEmpty() && !otherLimits);
    }

    /** The limits are in the configuration, which is in the folder: with other ones the next look sees other files. */
    private boolean followLimits() {
        Optional<InputSettings> configured =
                snapshot.landscape().configuration().map(MoongateConfiguration::input);
        boolean other = configured.isPresent() && !configured.get().equals(settings);
        if (other) {
            settings = configured.get();
            limits = InputLimits.of(settings, heap);
        }
        return other;
    }

    /** Whether the limits themselves come from this file. */
    private boolean configures(String file) {
        FileState state = files.get(file);
        return state != null && state.objects().containsKey(Manifest.OfConfiguration.REF);
    }

    private void say(List<Problem> ofFolders) {
        dirty |= !ofFolders.equals(folderProblems);
        folderProblems = ofFolders;
    }

    private void take(FolderScan.Result scan, Instant now) {
        Map<String, Found> seen = scan.files();
        if (seen.isEmpty() && !files.isEmpty()) {
            // An unmounted folder looks like this; whoever wants to remove everything can say so file by file.
            say(List.of(away("holds no manifest any more")));
            return;
        }
        unentered = scan.problems();
        say(scan.problems());
        for (var file : seen.entrySet()) {
            if (!file.getValue().equals(taken.get(file.getKey()))) {
                consider(file.getKey(), Optional.of(file.getValue()), now);
            } else {
                pending.remove(file.getKey());
                retryIfDue(file.getKey(), file.getValue(), now);
            }
        }
        for (String file : List.copyOf(files.keySet())) {
            if (!seen.containsKey(file) && !scan.hides(file)) {
                consider(file, Optional.empty(), now);
            }
        }
        pending.keySet().removeIf(file -> !seen.containsKey(file) && !files.containsKey(file));
    }

    private void retryIfDue(String file, Found found, Instant now) {
        Instant retry = retries.get(file);
        Integer roomBefore = overfull.get(file);
        boolean moreRoom = roomBefore != null && roomFor(file) > roomBefore;
        if (moreRoom || (retry != null && !now.isBefore(retry))) {
            read(file, found, true, now);
        }
    }

    /** For how many objects of this file there is room beside those of all others. */
    private int roomFor(String file) {
        int others = weight - files.getOrDefault(file, FileState.NEW).weight();
        return Math.max(0, limitsOf(file).objects().most() - others);
    }

    private void consider(String file, Optional<Found> found, Instant now) {
        Pending known = pending.get(file);
        if (known == null) {
            Instant since = isOld(found, now) ? now.minus(QUIET) : now;
            known = new Pending(found, since, since);
        } else if (!known.found().equals(found)) {
            known = new Pending(found, known.firstSeen(), now);
        }
        pending.put(file, known);
        boolean late = !now.isBefore(known.firstSeen().plus(AT_MOST));
        boolean quiet = !now.isBefore(known.lastChange().plus(QUIET));
        if (!quiet && !late) {
            return;
        }
        if (found.isEmpty()) {
            pending.remove(file);
            taken.remove(file);
            retries.remove(file);
            overfull.remove(file);
            FileState gone = files.remove(file);
            dirty |= gone != null;
            weight -= gone == null ? 0 : gone.weight();
        } else {
            read(file, found.get(), late, now);
        }
    }

    /** At the first look most files have been there for long: no reason to wait for them. */
    private boolean isOld(Optional<Found> found, Instant now) {
        long longAgo = now.toEpochMilli() - AT_MOST.toMillis();
        return taken.isEmpty()
                && found.filter(f -> f.stamp().modifiedNanos() / 1_000_000 < longAgo)
                        .isPresent();
    }

    private void read(String file, Found found, boolean late, Instant now) {
        FileState before = files.getOrDefault(file, FileState.NEW);
        retries.remove(file);
        overfull.remove(file);
        FileState after;
        try {
            if (found.refusal().isPresent()) {
                after = refused(before, file, found.refusal().get(), found.path());
            } else {
                String text = withoutMark(RegularFiles.text(
                        found.path(), limitsOf(file).fileBytes().most()));
                if (!late && before.text().begins(text)) {
                    return;
                }
                int room = roomFor(file);
                after = before.take(file, text, limitsOf(file).withObjects(room));
                if (after.overfull()) {
                    overfull.put(file, room);
                }
            }
        } catch (RegularFiles.TooLarge e) {
            after = refused(before, file, FolderScan.tooLarge(limitsOf(file).fileBytes()), found.path());
        } catch (CharacterCodingException e) {
            boolean hides = mayConfigure(Content.SHOWN_BY_ITS_BEGINNING, found.path());
            after = unreadable(before, file, "the file is not UTF-8 text", "write it as UTF-8", hides);
        } catch (IOException e) {
            retries.put(file, now.plus(RETRY));
            String what = "the file cannot be read (" + RegularFiles.reason(e) + ")";
            after = unreadable(before, file, what, "make it readable, or delete it", true);
        } catch (RuntimeException | StackOverflowError e) {
            String what = "the file could not be taken (" + e + ")";
            after = unreadable(before, file, what, "change it, and report this as a defect", true);
        } catch (OutOfMemoryError e) {
            // Not again and again: the next try comes with the next change of the file.
            String what = "there is not enough memory for the file";
            finish(file, found, unreadable(before, file, what, "make it smaller", true));
            throw e;
        }
        finish(file, found, after);
    }

    /** Without a configuration that is in force, nobody may serve beside a file that may be one. */
    private boolean mayConfigure(Content content, Path file) {
        return switch (content) {
            case NONE -> false;
            case ANYTHING -> true;
            case SHOWN_BY_ITS_BEGINNING -> {
                try {
                    byte[] beginning =
                            RegularFiles.beginning(file, limits.fileBytes().most());
                    yield BrokenDocument.mayConfigure(new String(beginning, StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    yield true;
                }
            }
        };
    }

    private void finish(String file, Found found, FileState after) {
        FileState before = files.put(file, after);
        dirty |= !after.equals(before);
        weight += after.weight() - (before == null ? 0 : before.weight());
        taken.put(file, found);
        pending.remove(file);
    }

    private FileState refused(FileState before, String file, Refusal why, Path path) {
        boolean hides = mayConfigure(why.content(), path);
        return before.kept(why.code(), file, why.what() + "; all it held stays in force", why.remedy(), hides);
    }

    private static FileState unreadable(FileState before, String file, String what, String remedy, boolean hides) {
        return before.kept(Problem.Code.UNREADABLE_FILE, file, what + "; all it held stays in force", remedy, hides);
    }

    private InputLimits limitsOf(String file) {
        return configures(file) ? limits.ofConfiguration() : limits;
    }

    /** Editors of other systems begin a text with a byte order mark. */
    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private Snapshot assemble() {
        var objects = new TreeMap<String, List<Manifest>>();
        var owners = new HashMap<ObjectRef, String>();
        var problems = new ArrayList<>(folderProblems);
        var landscape = new LandscapeBuilder();
        // What is below a folder that is not read may be anything.
        var hidden = new ArrayList<>(unentered);
        files.forEach((file, state) -> {
            var ofFile = BoundedProblems.ofFile(file).addAll(state.problems());
            if (state.hidesConfiguration()) {
                hidden.addAll(state.problems());
            }
            var own = new ArrayList<Manifest>();
            for (Manifest manifest : state.objects().values()) {
                String owner = owners.putIfAbsent(manifest.ref(), file);
                if (owner == null) {
                    own.add(manifest);
                    landscape.add(manifest);
                } else {
                    ofFile.add(FileState.duplicate(manifest.ref(), file, owner));
                }
            }
            problems.addAll(ofFile.list());
            objects.put(file, own);
        });
        return new Snapshot(
                landscape.build(), objects, problems, hidden.stream().findFirst());
    }

    private Problem away(String how) {
        return Problem.at(
                Problem.Code.SOURCE_AWAY,
                Place.wholeFile(folder.toString()),
                "the landscape folder " + how + "; all it held stays in force",
                "make it available again");
    }
}
