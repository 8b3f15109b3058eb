package io.moongate.adoption.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that nobody could have written here tells of a use of nobody knows whom: that time was not observed. */
class OddRowsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long NOW = START.toEpochMilli();
    private static final Instant USED = START.minusSeconds(600);
    private static final ShootKey GOOD = new ShootKey("garden-x", "good");

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(START);

    /** An hour was observed; ten minutes ago, in the midst of it, one shoot was used. */
    @BeforeEach
    void file() throws Exception {
        open().close();
        execute("DELETE FROM observed");
        execute("INSERT INTO observed VALUES (" + (NOW - 3_600_000) + ", " + (NOW - 1) + ")");
        execute("INSERT INTO used VALUES ('garden-x/good', 'LEGACY', 0, " + USED.toEpochMilli() + ", 0, 1, 1, 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'no-name', 'LEGACY'", "'a/b', 'Legacy'", "x'ff00', 'LEGACY'", "'a/b/c', 'UNIFIED'"})
    void ofARowWithoutAShootOrPortTheTimeUntilItsUseIsNotObserved(String key) throws Exception {
        execute("INSERT INTO used VALUES (" + key + ", 0, " + (NOW - 300_000) + ", 0, 1, 1, 1)");
        try (var keeper = open()) {
            assertThat(keeper.evidence().uses()).extracting(Use::shoot).containsExactly(GOOD);
            assertThat(firstObserved(keeper)).isEqualTo(START.minusMillis(300_000 - 1));
            assertThat(keeper.odd().orElse("")).contains("1 rows", "not observed");
            keeper.write();
        }
        try (var keeper = open()) {
            assertThat(keeper.odd()).as("it is gone").isEmpty();
            assertThat(firstObserved(keeper)).as("in the file, too").isEqualTo(START.minusMillis(300_000 - 1));
            assertThat(keeper.evidence().uses()).extracting(Use::lastSeen).containsExactly(Optional.of(USED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'a/b', 'LEGACY', 0, 0",
                "'a/b', 'LEGACY', NULL, NULL",
                "'a/b', 'LEGACY', 0, 'yesterday'",
                "'a/b', 'LEGACY', 1e300, 5",
                "'a/b', 'LEGACY', 5, -5",
                "'a/b', 'LEGACY', 5, x'00'",
                "'a/b', 'LEGACY', 0, 9223372036854775807",
                "'no-name', 'LEGACY', 0, 9223372036854775807"
            })
    void ofARowWithoutATimeAllBeforeNowIsNotObserved(String row) throws Exception {
        execute("INSERT INTO used VALUES (" + row + ", 0, 1, 1, 1)");
        try (var keeper = open()) {
            assertThat(keeper.evidence().coverage().unseen(START.minusSeconds(3600), START))
                    .isEqualTo(Duration.ofHours(1));
            assertThat(keeper.evidence().uses()).extracting(Use::shoot).containsExactly(GOOD);
            watch(keeper);
            watch(keeper);
            assertThat(keeper.failure()).isEmpty();
        }
        try (var keeper = open()) {
            assertThat(keeper.odd()).isEmpty();
            Coverage known = keeper.evidence().coverage();
            assertThat(known.unseen(START.minusSeconds(3600), START)).isEqualTo(Duration.ofHours(1));
            assertThat(known.unseen(START.plusMillis(1), clock.instant()))
                    .as("what was seen since is kept")
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1000, 500", "1000, 'x'", "1000, 1e300", "1000, 9223372036854775807", "-5, 1000000000000000"})
    void aRowOfObservedTimeThatIsNoneIsNotObserved(String row) throws Exception {
        execute("DELETE FROM observed");
        execute("INSERT INTO observed VALUES (" + row + ")");
        execute("UPDATE used SET up = 1");
        try (var keeper = open()) {
            assertThat(keeper.evidence().coverage().unseen(START.minusSeconds(3600), START))
                    .isEqualTo(Duration.ofHours(1));
            watch(keeper);
            assertThat(keeper.failure()).isEmpty();
        }
    }

    @Test
    void ofManyOddRowsTheLatestCounts() throws Exception {
        execute("INSERT INTO used WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
                + " SELECT 'odd' || i, 'LEGACY', 0, " + NOW + " - 1000 * i, 0, 1, 1, 1 FROM n");
        try (var keeper = open()) {
            assertThat(firstObserved(keeper)).isEqualTo(START.minusMillis(999));
            assertThat(keeper.odd().orElse("")).contains("50 rows");
        }
    }

    @Test
    void aHistoryWithAnOddRowIsAnError() throws Exception {
        execute("INSERT INTO day VALUES ('a/b', 'Legacy', 1, 1, 1, 1)");
        execute("INSERT INTO day VALUES ('a/c', 'LEGACY', 9223372036854775807, 1, 1, 1)");
        execute("INSERT INTO counted VALUES (9223372036854775807, 'Moved', 1)");
        try (History history = History.open(folder.resolve("evidence.db"))) {
            for (String name : List.of("b", "c")) {
                assertThatThrownBy(() -> history.days(new ShootKey("a", name))).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> history.counted(Instant.EPOCH)).isInstanceOf(IOException.class);
        }
    }

    private static Instant firstObserved(EvidenceKeeper keeper) {
        return keeper.evidence().coverage().spans().getFirst().from();
    }

    private EvidenceKeeper open() throws IOException {
        var keeper = new EvidenceKeeper(clock);
        keeper.keepIn(new EvidenceStore(folder.resolve("evidence.db")));
        return keeper;
    }

    private void watch(EvidenceKeeper keeper) {
        clock.pass(Duration.ofSeconds(5));
        keeper.write();
    }

    private void execute(String sql) throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("evidence.db"));
                var statement = other.createStatement()) {
            statement.execute(sql);
        }
    }
}
