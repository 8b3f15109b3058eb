package io.moongate.adoption.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceKeeperTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final ShootKey SHOOT = new ShootKey("garden-a", "one");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(START);

    private EvidenceKeeper open() throws IOException {
        var keeper = new EvidenceKeeper(clock);
        keeper.keepIn(new EvidenceStore(folder.resolve("evidence.db")));
        return keeper;
    }

    /** Looks every five seconds, as the thread does. */
    private void watch(EvidenceKeeper keeper, Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(5)) {
            clock.pass(Duration.ofSeconds(5));
            keeper.write();
        }
    }

    /** A tunnel's traffic that a test decides. */
    private static final class Traffic implements TunnelObserver.Traffic {
        private long in;
        private long out;

        Traffic(long in, long out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public long bytesIn() {
            return in;
        }

        @Override
        public long bytesOut() {
            return out;
        }
    }

    private static Use only(EvidenceKeeper keeper) {
        return keeper.evidence().uses().getFirst();
    }

    @Test
    void countsGoOnAfterARestart() throws IOException {
        try (var keeper = open()) {
            var traffic = new Traffic(10, 20);
            var seen = keeper.established(SHOOT, Entrance.LEGACY, CLIENT, traffic);
            watch(keeper, Duration.ofSeconds(10));
            traffic.in = 100;
            traffic.out = 200;
            seen.ended();
        }
        clock.pass(Duration.ofSeconds(5));
        try (var keeper = open()) {
            keeper.established(SHOOT, Entrance.LEGACY, InetAddress.ofLiteral("2001:db8:1:2::3"), new Traffic(0, 0));
            assertThat(only(keeper))
                    .isEqualTo(new Use(
                            SHOOT,
                            Entrance.LEGACY,
                            java.util.Optional.of(START.plusSeconds(15)),
                            java.util.Optional.of(START.plusSeconds(15)),
                            1,
                            2,
                            100,
                            200,
                            java.util.Map.of("192.0.2.0/24", START, "2001:db8:1:0:0:0:0:0/48", START.plusSeconds(15))));
        }
    }

    /** What SIGKILL leaves: nobody has said that the tunnel is over, and nobody closes the file. */
    @Test
    void aTunnelThatWasUpWhenTheProcessDiedWasSeenUntilItsLastSignOfLife() throws IOException {
        EvidenceKeeper killed = open();
        killed.established(SHOOT, Entrance.LEGACY, CLIENT, new Traffic(0, 0));
        watch(killed, Duration.ofMinutes(10));
        clock.pass(Duration.ofHours(1));
        try (var keeper = open()) {
            assertThat(only(keeper).up()).isZero();
            assertThat(only(keeper).lastSeen()).contains(START.plus(Duration.ofMinutes(10)));
            assertThat(keeper.evidence().coverage().gaps(START, clock.instant()))
                    .as("nobody looked while there was no process")
                    .containsExactly(new Coverage.Span(START.plus(Duration.ofMinutes(10)), clock.instant()));
        }
    }

    @Test
    void bytesOfATunnelThatStaysUpAreKeptEveryMinute() throws IOException {
        EvidenceKeeper killed = open();
        var traffic = new Traffic(0, 0);
        killed.established(SHOOT, Entrance.UNIFIED, CLIENT, traffic);
        killed.write();
        traffic.in = 7;
        traffic.out = 9;
        watch(killed, Duration.ofMinutes(1));
        assertThat(only(killed).bytesIn()).isEqualTo(7);
        try (var keeper = open()) {
            assertThat(only(keeper).bytesIn()).isEqualTo(7);
            assertThat(only(keeper).bytesOut()).isEqualTo(9);
        }
    }

    @Test
    void timeThatWasJumpedOverIsNotObserved() throws IOException {
        try (var keeper = open()) {
            watch(keeper, Duration.ofMinutes(1));
            clock.pass(Duration.ofMinutes(5));
            keeper.write();
            watch(keeper, Duration.ofMinutes(1));
            // Between two writes, too, somebody looks.
            clock.pass(Duration.ofSeconds(4));
            assertThat(keeper.evidence().coverage().unseen(START, clock.instant()))
                    .isEqualTo(Duration.ofMinutes(5));
        }
    }

    /** The clock was a month ahead for an hour; when that month has passed, nobody has looked in that hour. */
    @Test
    void whatWasSeenByAClockThatWasAheadIsNoObservationOfThatTime() throws IOException {
        Instant wrong = START.plus(Duration.ofDays(30));
        try (var keeper = open()) {
            watch(keeper, Duration.ofMinutes(1));
            clock.now = wrong;
            watch(keeper, Duration.ofHours(1));
            clock.now = START.plus(Duration.ofMinutes(2));
            watch(keeper, Duration.ofMinutes(1));
            assertThat(gapsOf(keeper, wrong)).isEqualTo(Duration.ofHours(1));
        }
        try (var keeper = open()) {
            assertThat(gapsOf(keeper, wrong)).as("after a restart").isEqualTo(Duration.ofHours(1));
            assertThat(keeper.evidence().coverage().unseen(START, clock.instant()))
                    .as("a minute ahead, and up to the first look after it")
                    .isEqualTo(Duration.ofSeconds(65));
        }
    }

    @Test
    void aClockThatWasSetBackWhileTheProcessWasAwayIsNoticed() throws IOException {
        Instant wrong = START.plus(Duration.ofDays(30));
        clock.now = wrong;
        try (var keeper = open()) {
            watch(keeper, Duration.ofHours(1));
        }
        clock.now = START;
        try (var keeper = open()) {
            assertThat(gapsOf(keeper, wrong)).isEqualTo(Duration.ofHours(1));
            watch(keeper, Duration.ofMinutes(1));
        }
        try (var keeper = open()) {
            assertThat(gapsOf(keeper, wrong)).isEqualTo(Duration.ofHours(1));
        }
    }

    private static Duration gapsOf(EvidenceKeeper keeper, Instant hour) {
        return keeper.evidence().coverage().unseen(hour, hour.plus(Duration.ofHours(1)));
    }

    @Test
    void whatIsOlderThanRetentionIsForgotten() throws IOException {
        try (var keeper = open()) {
            keeper.retain(Duration.ofHours(2));
            keeper.established(SHOOT, Entrance.LEGACY, CLIENT, new Traffic(1, 1))
                    .ended();
            keeper.established(SHOOT, Entrance.UNIFIED, CLIENT, new Traffic(0, 0));
            watch(keeper, Duration.ofHours(4));
            assertThat(keeper.evidence().uses()).extracting(Use::entrance).containsExactly(Entrance.UNIFIED);
        }
        try (var keeper = open()) {
            assertThat(keeper.evidence().uses()).extracting(Use::entrance).containsExactly(Entrance.UNIFIED);
        }
    }

    @Test
    void aShootWithManyNetworksShowsTheLatest() throws IOException {
        try (var keeper = open()) {
            for (int i = 0; i < 20; i++) {
                keeper.established(
                        SHOOT, Entrance.LEGACY, InetAddress.ofLiteral("192.0." + i + ".1"), new Traffic(0, 0));
                clock.pass(Duration.ofSeconds(1));
            }
            assertThat(only(keeper).clients()).hasSize(Counter.CLIENTS).containsKey("192.0.19.0/24");
        }
    }

    @Test
    void aFileThatIsNoneIsPutAside() throws IOException {
        Path file = Files.writeString(folder.resolve("evidence.db"), "x".repeat(5000));
        try (var keeper = EvidenceKeeper.open(file, Supervisor.NONE)) {
            assertThat(keeper.evidence().uses()).isEmpty();
        }
        try (var files = Files.list(folder)) {
            Set<String> names =
                    Set.copyOf(files.map(f -> f.getFileName().toString().replaceAll("\\d+$", "N"))
                            .toList());
            assertThat(names).contains("evidence.db", "evidence.db.unreadable-N");
        }
    }

    @Test
    void whereNoFileCanBeKeptCountingGoesOn() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("evidence.db");
        try (var keeper = EvidenceKeeper.open(file, Supervisor.NONE)) {
            keeper.established(SHOOT, Entrance.LEGACY, CLIENT, new Traffic(0, 0));
            assertThat(only(keeper).up()).isEqualTo(1);
            assertThat(keeper.failure().orElse("")).contains(file.toString(), "(FileAlreadyExists)");
        }
    }

    @Test
    void aFileOfANewerMoongateStaysAsItIs() throws Exception {
        Path file = folder.resolve("evidence.db");
        try (var other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        byte[] before = Files.readAllBytes(file);
        try (var keeper = EvidenceKeeper.open(file, Supervisor.NONE)) {
            assertThat(keeper.failure().orElse("")).contains("newer moongate");
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aRowThatIsOddCostsItself() throws Exception {
        Path file = folder.resolve("evidence.db");
        try (var keeper = open()) {
            keeper.established(SHOOT, Entrance.LEGACY, CLIENT, new Traffic(0, 0));
            keeper.write();
        }
        execute(
                file,
                "INSERT INTO used VALUES ('no-slash', 'LEGACY', 0, 0, 0, 1, 1, 1), ('a/b', 'SIDE', 0, 0, 0, 1, 1, 1)");
        try (var keeper = open()) {
            assertThat(keeper.evidence().uses()).extracting(Use::shoot).isEqualTo(List.of(SHOOT));
        }
    }

    private static void execute(Path file, String sql) throws Exception {
        try (var other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute(sql);
        }
    }

    /** SQLite would write on into a file that nobody finds again. */
    @Test
    void aFileThatIsTakenAwayIsNoticed() throws Exception {
        Path file = folder.resolve("evidence.db");
        try (var keeper = open()) {
            keeper.write();
            assertThat(keeper.failure()).isEmpty();
            Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
            keeper.write();
            assertThat(keeper.failure().orElse("")).contains(file.toString(), "it was removed while it was open");
            Files.copy(elsewhere, file);
            keeper.write();
            assertThat(keeper.failure().orElse("")).contains("it was replaced while it was open");
            Files.move(elsewhere, file, StandardCopyOption.REPLACE_EXISTING);
            keeper.write();
            assertThat(keeper.failure()).isEmpty();
        }
    }

    @Test
    void whatCannotBeWrittenIsWrittenLater() throws Exception {
        Path file = folder.resolve("evidence.db");
        try (var keeper = open()) {
            try (var other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                    var statement = other.createStatement()) {
                statement.execute("ALTER TABLE used RENAME TO elsewhere");
                keeper.established(SHOOT, Entrance.LEGACY, CLIENT, new Traffic(0, 0));
                keeper.write();
                assertThat(keeper.failure().orElse("")).startsWith("evidence cannot be kept in " + file + " (");
                statement.execute("ALTER TABLE elsewhere RENAME TO used");
            }
            keeper.write();
            assertThat(keeper.failure()).isEmpty();
        }
        try (var keeper = open()) {
            assertThat(keeper.evidence().uses()).extracting(Use::setUps).isEqualTo(List.of(1L));
        }
    }
}
