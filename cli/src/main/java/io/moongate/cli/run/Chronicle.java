package io.moongate.cli.run;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.moongate.adoption.evidence.History;
import io.moongate.adoption.evidence.HistoryTree;
import io.moongate.adoption.removal.Decision;
import io.moongate.adoption.removal.Removal;
import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided and counted before, in the file of the evidence. Where that cannot be read nothing is known, and nothing
 * can be decided. Safe for use by all threads; decisions are recorded by one at a time.
 */
final class Chronicle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);
    private static final Duration SHOWN_BACK = Duration.ofDays(90);

    private final @Nullable History history;
    private volatile List<Decision> decisions;
    private volatile Removal removal;

    private Chronicle(@Nullable History history, List<Decision> decisions) {
        this.history = history;
        this.decisions = List.copyOf(decisions);
        this.removal = Removal.after(decisions);
    }

    static Chronicle open(Path file) {
        try {
            History history = History.open(file);
            return new Chronicle(history, history.decisions());
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.error("what was decided about the legacy port cannot be read from {}: {}", file, e.getMessage());
            return new Chronicle(null, List.of());
        }
    }

    /** Oldest first. */
    List<Decision> decisions() {
        return decisions;
    }

    /** What they have led to. */
    Removal removal() {
        return removal;
    }

    /** Returns when it is kept; what cannot be kept is not decided. */
    void record(Decision decision) throws IOException {
        if (history == null) {
            throw new IOException("there is no file for it");
        }
        history.decide(decision);
        var all = new ArrayList<>(decisions);
        all.add(decision);
        decisions = List.copyOf(all);
        removal = Removal.after(all);
    }

    void count(Instant now, AdoptionReport report) {
        if (history == null) {
            return;
        }
        try {
            history.count(now, report.rows().stream().collect(groupingBy(AdoptionRow::finding, counting())));
        } catch (IOException e) {
            LOG.warn("the history of adoption cannot be written: {}", e.getMessage());
        }
    }

    /** {@code {hour, findings}}, oldest first. */
    List<Map<?, ?>> hours() {
        return read(h -> h.counted(Instant.now().minus(SHOWN_BACK)).stream()
                .<Map<?, ?>>map(HistoryTree::of)
                .toList());
    }

    /** {@code {day, entrance, setUps, bytesIn, bytesOut}}, oldest first. */
    List<Map<?, ?>> days(ShootKey shoot) {
        return read(h -> h.days(shoot).stream().<Map<?, ?>>map(HistoryTree::of).toList());
    }

    private interface Reading {
        List<Map<?, ?>> from(History history) throws IOException;
    }

    private List<Map<?, ?>> read(Reading reading) {
        if (history == null) {
            return List.of();
        }
        try {
            return reading.from(history);
        } catch (IOException e) {
            LOG.warn("the history of adoption cannot be read: {}", e.getMessage());
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        if (history != null) {
            history.close();
        }
    }
}
