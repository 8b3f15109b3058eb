package io.moongate.cli.run;

import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.file.RegularFiles;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The last good input on disk: read at the start, written after changes. A disk that fails is a problem, no more. */
final class KeptInput {
    /** Writing takes at most one part in this many of the time. */
    private static final long PAUSE_PER_WRITE = 20;
    /** So long after a failure it is tried again. */
    static final Duration RETRY = Duration.ofSeconds(5);

    private final Path state;
    private final LastGood file;
    private final Provenance provenance = new Provenance();
    private Map<String, List<Manifest>> held = Map.of();
    private Optional<Problem> unread = Optional.empty();
    private Optional<Problem> unwritten = Optional.empty();
    private boolean changed;
    private Instant writeAgainAt = Instant.MIN;

    private KeptInput(Path state) {
        this.state = state;
        this.file = new LastGood(state.resolve("last-good.jsonl"));
    }

    static KeptInput open(Path state) {
        var kept = new KeptInput(state);
        try {
            kept.held = kept.file.read();
            if (kept.file.unreadableLines() > 0) {
                kept.unread = Optional.of(Problem.general(
                        Problem.Code.UNREADABLE_FILE,
                        kept.file.unreadableLines() + " lines of the last good input in " + state + " cannot be read",
                        "the source decides about these objects; the file is written anew with the next change"));
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            kept.unread = Optional.of(Problem.general(
                    Problem.Code.UNREADABLE_FILE,
                    "the last good input in " + state + " cannot be read (" + reason(e) + "); the source alone decides",
                    "make it readable, or delete it; it is written anew"));
        }
        kept.remember(kept.held);
        return kept;
    }

    /** What was last good before this start, by the file it came from. */
    Map<String, List<Manifest>> held() {
        return held;
    }

    /** What is wrong with the file; until it has been written anew. */
    List<Problem> problems() {
        return Stream.of(unread, unwritten).flatMap(Optional::stream).toList();
    }

    /** Where these objects come from. */
    void remember(Map<String, List<Manifest>> objects) {
        provenance.remember(objects);
    }

    /** What is in force has changed. */
    void changed() {
        changed = true;
    }

    /**
     * A large input that changes all the time is not written all the time. What could not be written is still to be
     * written, and a problem until then.
     */
    void writeIfDue(Landscape inForce, Instant now) {
        if (!changed || now.isBefore(writeAgainAt)) {
            return;
        }
        long before = System.nanoTime();
        try {
            file.write(provenance.of(inForce));
            changed = false;
            unread = Optional.empty();
            unwritten = Optional.empty();
            writeAgainAt = now.plusNanos((System.nanoTime() - before) * PAUSE_PER_WRITE);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            writeAgainAt = now.plus(RETRY);
            unwritten = Optional.of(Problem.general(
                    Problem.Code.OUTPUT_FAILED,
                    "the last good input cannot be kept in " + state + " (" + reason(e)
                            + "); a restart would depend on the source alone",
                    "make it writable, or give another folder with --state"));
        }
    }

    /** Without the name of the temporary file: the same failure is the same problem. */
    private static String reason(Throwable e) {
        String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return said == null ? RegularFiles.reason(e) : said;
    }
}
