package io.moongate.adoption.evidence;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionTree;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How large evidence becomes at its bound, and what it costs then: {@code ./benchmark evidence}. */
class EvidenceBenchmark {
    private static final int SHOOTS = 10_000;
    private static final int DAYS = 90;

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void tenThousandShootsForNinetyDays() throws Exception {
        Path file = folder.resolve("evidence.db");
        Instant end = Instant.parse("2026-03-31T12:00:00Z");
        long slowest = 0;
        try (var store = new EvidenceStore(file)) {
            for (int day = 0; day < DAYS; day++) {
                Instant now = end.minus(Duration.ofDays(DAYS - 1 - day));
                List<EvidenceStore.Row> rows = rows(now, day + 1);
                long before = System.nanoTime();
                store.write(rows, new Coverage.Span(end.minus(Duration.ofDays(DAYS)), now));
                slowest = Math.max(slowest, System.nanoTime() - before);
            }
        }
        long bytes = Files.size(file);
        EvidenceStore.Kept kept;
        long before = System.nanoTime();
        try (var store = new EvidenceStore(file)) {
            kept = store.read();
        }
        long read = System.nanoTime() - before;
        var evidence = new Evidence(kept.uses(), new Coverage(kept.observed()));
        List<Shoot> shoots = shoots();
        long report = best(() -> AdoptionTree.of(
                AdoptionReport.of(shoots, Gardenlets.NONE, evidence, Duration.ofDays(7), Ownership.Mode.Observe, end)));
        System.out.printf(
                "MEASURED evidence of %d shoots, %d days, both ports: %.0f MiB; written for all at once at most %d ms; read at start %d ms; report of all %d ms%n",
                SHOOTS, DAYS, bytes / 1048576.0, slowest / 1_000_000, read / 1_000_000, report / 1_000_000);
    }

    private static long best(Supplier<Object> work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = System.nanoTime();
            if (work.get() == null) {
                throw new AssertionError("nothing");
            }
            best = Math.min(best, System.nanoTime() - before);
        }
        return best;
    }

    private static List<EvidenceStore.Row> rows(Instant now, int day) {
        var rows = new ArrayList<EvidenceStore.Row>();
        for (int i = 0; i < SHOOTS; i++) {
            var clients = new HashMap<String, Instant>();
            for (int range = 0; range < 2; range++) {
                clients.put("10." + i / 256 + "." + (i + range) % 256 + ".0/24", now);
            }
            for (Entrance entrance : Entrance.values()) {
                var use = new Use(
                        key(i),
                        entrance,
                        Optional.of(now),
                        Optional.of(now),
                        1,
                        day * 3L,
                        day * 1_000_000_000L,
                        day * 2_000_000_000L,
                        clients);
                rows.add(new EvidenceStore.Row(use, 3, 1_000_000_000L, 2_000_000_000L));
            }
        }
        return rows;
    }

    private static ShootKey key(int i) {
        return new ShootKey("garden-project" + i % 500, "cluster-" + i);
    }

    private static List<Shoot> shoots() {
        var shoots = new ArrayList<Shoot>();
        for (int i = 0; i < SHOOTS; i++) {
            shoots.add(new Shoot(
                    key(i),
                    Optional.of("shoot--p" + i % 500 + "--c" + i),
                    new Shoot.Placement(Optional.of("seed-" + i % 20), Optional.of("seed-" + i % 20)),
                    new Shoot.Traits(false, false, false, Lifecycle.ACTIVE, Standing.SETTLED),
                    Optional.of("production"),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Adoption.ABSENT,
                    Declarations.NONE));
        }
        return shoots;
    }
}
