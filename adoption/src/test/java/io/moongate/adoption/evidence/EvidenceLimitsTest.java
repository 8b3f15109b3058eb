package io.moongate.adoption.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.adoption.removal.Decision;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.TunnelObserver.Seen;
import io.moongate.model.evidence.TunnelObserver.Traffic;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence is kept up to limits; what there is no room for counts as not observed, never as unused. */
class EvidenceLimitsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final int MOST = 32;
    private static final String NUMBERS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";

    private static final Traffic QUIET = new Traffic() {
        @Override
        public long bytesIn() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return 0;
        }
    };

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(START);

    @Test
    void whatWasUsedLongestAgoIsForgottenAndNotObserved() throws IOException {
        try (var keeper = open()) {
            for (int i = 0; i < MOST; i++) {
                use(keeper, i).ended();
                watch(keeper);
            }
            Evidence evidence = keeper.evidence();
            assertThat(evidence.uses()).hasSizeBetween(MOST / 2, MOST - 1);
            Instant oldest = oldestUse(evidence);
            assertThat(evidence.coverage().spans())
                    .singleElement()
                    .satisfies(span -> assertThat(span.from())
                            .as("all uses since then are known")
                            .isAfter(oldest.minusSeconds(6))
                            .isBeforeOrEqualTo(oldest));
            assertThat(keeper.limited().orElse("")).contains("32 shoots and ports", "not observed");
        }
        try (var keeper = open()) {
            Evidence evidence = keeper.evidence();
            assertThat(evidence.uses()).as("in the file, too").hasSizeLessThan(MOST);
            assertThat(evidence.coverage().spans().getFirst().from()).isBeforeOrEqualTo(oldestUse(evidence));
            assertThat(evidence.coverage().spans().getFirst().from()).isAfter(START.plusSeconds(5));
        }
    }

    @Test
    void whatIsUsedNowIsNeverForgotten() throws IOException {
        try (var keeper = open()) {
            use(keeper, 1000);
            for (int i = 0; i < 3 * MOST; i++) {
                use(keeper, i).ended();
                watch(keeper);
            }
            assertThat(keeper.evidence().uses()).extracting(Use::shoot).contains(shoot(1000));
        }
    }

    /** A tunnel that nobody counts may be the one that needs the port. */
    @Test
    void whileATunnelIsNotCountedNothingIsObserved() throws IOException {
        try (var keeper = open()) {
            watch(keeper);
            for (int i = 0; i < MOST; i++) {
                use(keeper, i);
            }
            Seen uncounted = use(keeper, MOST);
            Instant full = clock.instant();
            for (int i = 0; i < 20; i++) {
                watch(keeper);
            }
            assertThat(keeper.limited().orElse("")).contains("1 tunnels of others are not counted");
            assertThat(keeper.evidence().coverage().unseen(full, clock.instant()))
                    .isEqualTo(Duration.between(full, clock.instant()));
            uncounted.ended();
            uncounted.ended();
            watch(keeper);
            Instant again = clock.instant();
            watch(keeper);
            assertThat(keeper.limited()).isEmpty();
            assertThat(keeper.evidence().coverage().unseen(again, clock.instant()))
                    .isZero();
        }
    }

    @Test
    void ofAFileWithMoreTheLatestAreRead() throws Exception {
        open().close();
        long day = START.toEpochMilli();
        execute("DELETE FROM observed");
        execute("INSERT INTO observed VALUES (" + (day - 500_000) + ", " + (day - 1) + ")");
        execute("INSERT INTO used " + NUMBERS.formatted(MOST + 8) + "SELECT 'x/' || i, 'LEGACY', 0, " + (day - 1000)
                + " - 1000 * i, 0, 1, 1, 1 FROM n");
        try (var keeper = open()) {
            Evidence evidence = keeper.evidence();
            assertThat(evidence.uses()).hasSize(MOST);
            assertThat(evidence.coverage().spans().getFirst().from())
                    .as("one millisecond behind the last use that is not known")
                    .isEqualTo(START.minusMillis(1000 + 1000 * (MOST + 1) - 1));
            assertThat(keeper.limited()).isPresent();
        }
    }

    @Test
    void theLatestSpansAreRead() throws Exception {
        open().close();
        execute("DELETE FROM observed");
        execute("INSERT INTO observed " + NUMBERS.formatted(ObservedTime.MOST_SPANS + 5)
                + "SELECT 9 * i, 9 * i + 1 FROM n");
        try (var store = new EvidenceStore(folder.resolve("evidence.db"))) {
            List<Instant> from =
                    store.read().observed().stream().map(span -> span.from()).toList();
            assertThat(from)
                    .hasSize(ObservedTime.MOST_SPANS)
                    .startsWith(Instant.ofEpochMilli(54))
                    .isSorted();
        }
    }

    @Test
    void spansAreKeptUpToALimit() {
        var time = new ObservedTime(START);
        for (int i = 1; i <= ObservedTime.MOST_SPANS + 10; i++) {
            time.look(START.plus(Duration.ofMinutes(i)), true);
        }
        assertThat(time.coverage(START).spans()).hasSize(ObservedTime.MOST_SPANS);
    }

    @Test
    void rangesOfClientsBeyondTheLimitAreLeftOut() throws Exception {
        open().close();
        execute("INSERT INTO client " + NUMBERS.formatted(EvidenceStore.MOST_RANGES + 1)
                + "SELECT 'a/b', 'LEGACY', i, 1 FROM n");
        try (var keeper = EvidenceKeeper.open(folder.resolve("evidence.db"), Supervisor.NONE)) {
            assertThat(keeper.failure()).isEmpty();
        }
    }

    /** Asking for a removal that is refused is free, and what was decided must not be lost for it. */
    @Test
    void ofRefusedDecisionsTheLatestAreKept() throws Exception {
        open().close();
        try (History history = History.open(folder.resolve("evidence.db"))) {
            decide(history, Decision.Action.Removed, "first");
            for (int i = 0; i < History.MOST_REFUSED + 10; i++) {
                decide(history, Decision.Action.Refused, "r" + i);
            }
            List<String> who = history.decisions().stream().map(Decision::who).toList();
            assertThat(who)
                    .hasSize(1 + History.MOST_REFUSED)
                    .startsWith("first", "r10")
                    .endsWith("r1009");
        }
    }

    @Test
    void aHistoryThatNobodyCouldHaveMadeIsNotRead() throws Exception {
        open().close();
        execute("INSERT INTO decision " + NUMBERS.formatted(History.MOST_ROWS + 1)
                + "SELECT i, 'Removed', 'x', '' FROM n");
        execute("INSERT INTO counted " + NUMBERS.formatted(History.MOST_ROWS + 1) + "SELECT i, 'Moved', 1 FROM n");
        execute("INSERT INTO day " + NUMBERS.formatted(History.MOST_ROWS + 1)
                + "SELECT 'a/b', 'LEGACY', i, 1, 1, 1 FROM n");
        try (History history = History.open(folder.resolve("evidence.db"))) {
            assertThatThrownBy(history::decisions).hasMessageContaining("more than 100000 decisions");
            assertThatThrownBy(() -> history.counted(Instant.EPOCH)).hasMessageContaining("more than 100000 hours");
            assertThatThrownBy(() -> history.days(new ShootKey("a", "b")))
                    .hasMessageContaining("more than 100000 days");
        }
    }

    private EvidenceKeeper open() throws IOException {
        var keeper = new EvidenceKeeper(clock, MOST);
        keeper.keepIn(new EvidenceStore(folder.resolve("evidence.db"), MOST));
        return keeper;
    }

    private void watch(EvidenceKeeper keeper) {
        clock.pass(Duration.ofSeconds(5));
        keeper.write();
    }

    private Seen use(EvidenceKeeper keeper, int number) {
        return keeper.established(shoot(number), Entrance.LEGACY, CLIENT, QUIET);
    }

    private static Instant oldestUse(Evidence evidence) {
        return evidence.uses().stream()
                .map(use -> use.lastSeen().orElseThrow())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static ShootKey shoot(int number) {
        return new ShootKey("garden-x", "s" + number);
    }

    private static void decide(History history, Decision.Action action, String who) throws IOException {
        history.decide(new Decision(START, action, who, "{}"));
    }

    private void execute(String sql) throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("evidence.db"));
                var statement = other.createStatement()) {
            statement.execute(sql);
        }
    }
}
