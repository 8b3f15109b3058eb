package io.moongate.adoption.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdoptionReportTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration WINDOW = Duration.ofDays(7);
    private static final Instant MOVED = NOW.minus(Duration.ofDays(1));
    private static final Coverage ALWAYS =
            new Coverage(List.of(new Coverage.Span(NOW.minus(Duration.ofDays(30)), NOW)));

    private final List<Use> uses = new ArrayList<>();
    private Coverage coverage = ALWAYS;
    private Lifecycle lifecycle = Lifecycle.ACTIVE;
    private Standing standing = Standing.SETTLED;
    private Ownership.Mode clients = Ownership.Mode.Observe;
    private boolean workerless;
    private Instant moved = MOVED;

    @Test
    void declaredAndSeenElsewhereIsTheHeadline() {
        seen(Entrance.LEGACY, 0, MOVED.plus(Duration.ofHours(1)));
        up(Entrance.UNIFIED);
        AdoptionRow row = judge(Condition.Status.True);
        assertThat(row.finding()).isEqualTo(Finding.Contradiction);
        assertThat(row.why()).contains("declared True by moongate since " + MOVED, "last seen on the legacy port at");
    }

    @Test
    void aContradictionThatWasMendedPassesWhenItHasLeftTheWindow() {
        moved = NOW.minus(WINDOW.multipliedBy(3));
        seen(Entrance.LEGACY, 0, NOW.minus(WINDOW).plusSeconds(1));
        up(Entrance.UNIFIED);
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Contradiction);
        uses.clear();
        seen(Entrance.LEGACY, 0, NOW.minus(WINDOW).minusSeconds(1));
        up(Entrance.UNIFIED);
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Moved);
    }

    @Test
    void anOldTunnelMayTakeAMomentToEnd() {
        seen(Entrance.LEGACY, 0, MOVED.plusSeconds(30));
        up(Entrance.UNIFIED);
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.UsesLegacyPort);
    }

    @Test
    void aTunnelThatIsUpSpeaksAgainstItHoweverLongAgoItWasSetUp() {
        uses.add(new Use(
                key(), Entrance.LEGACY, Optional.of(MOVED.minusSeconds(9)), Optional.of(NOW), 1, 1, 0, 0, Map.of()));
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Contradiction);
    }

    @Test
    void whoHasMovedAndWasWatchedHasMoved() {
        up(Entrance.UNIFIED);
        seen(Entrance.LEGACY, 0, NOW.minus(WINDOW).minusSeconds(1));
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Moved);
    }

    @Test
    void timeInWhichNobodyLookedProvesNothing() {
        up(Entrance.UNIFIED);
        coverage = new Coverage(List.of(
                new Coverage.Span(NOW.minus(Duration.ofDays(30)), NOW.minus(Duration.ofDays(2))),
                new Coverage.Span(NOW.minus(Duration.ofDays(2)).plus(Duration.ofMinutes(6)), NOW)));
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.NotObserved);
        coverage = new Coverage(List.of(
                new Coverage.Span(NOW.minus(Duration.ofDays(30)), NOW.minus(Duration.ofDays(2))),
                new Coverage.Span(NOW.minus(Duration.ofDays(2)).plus(Duration.ofMinutes(4)), NOW)));
        assertThat(judge(Condition.Status.True).finding()).as("a restart").isEqualTo(Finding.Moved);
    }

    @Test
    void whoIsDeclaredAndHasNoTunnelIsSilent() {
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Silent);
        coverage = new Coverage(List.of(new Coverage.Span(NOW.minusSeconds(60), NOW)));
        assertThat(judge(Condition.Status.True).finding())
                .as("not looked at long enough")
                .isEqualTo(Finding.NotObserved);
        coverage = new Coverage(List.of(new Coverage.Span(NOW.minus(Duration.ofHours(1)), NOW)));
        AdoptionRow row = judge(Condition.Status.True);
        assertThat(row.finding()).as("what blocks comes before what does not").isEqualTo(Finding.NotObserved);
        assertThat(row.why()).contains("no tunnel on the unified port");
    }

    @Test
    void whoIsNotDeclaredBlocks() {
        assertThat(judge(Condition.Status.False).finding()).isEqualTo(Finding.NotMoved);
        up(Entrance.LEGACY);
        assertThat(judge(Condition.Status.False).finding()).isEqualTo(Finding.UsesLegacyPort);
        assertThat(judge(Condition.Status.False).why()).endsWith(": move it; its condition is False: m");
        assertThat(Finding.UsesLegacyPort.blocks() && Finding.NotMoved.blocks()).isTrue();
    }

    @Test
    void whoeverDeclaresItItCounts() {
        var byHand = new Declaration(
                Declaration.Entry.CONDITION, Condition.Status.True, "", "", Optional.empty(), Author.OTHER);
        seen(Entrance.UNIFIED, 1, NOW);
        assertThat(judge(Optional.of(byHand)).finding()).isEqualTo(Finding.Moved);
        seen(Entrance.LEGACY, 0, NOW.minus(Duration.ofDays(6)));
        assertThat(judge(Optional.of(byHand)).finding())
                .as("nobody says since when: any use in the window speaks against it")
                .isEqualTo(Finding.Contradiction);
    }

    @Test
    void whoDeclaresNothingBlocksAndIsToldHow() {
        AdoptionRow row = judge(Optional.empty());
        assertThat(row.finding()).isEqualTo(Finding.NotMoved);
        assertThat(row.why())
                .contains(
                        "neither the constraint UsesUnifiedHTTPProxyPort nor the condition ShootUsesUnifiedHTTPProxyPort",
                        "the owner of its clients sets one of them");
    }

    @Test
    void hibernatedShootsPassWhenTheyMovedBefore() {
        lifecycle = Lifecycle.HIBERNATED;
        for (Ownership.Mode mode : Ownership.Mode.values()) {
            clients = mode;
            boolean ours = mode == Ownership.Mode.Manage;
            AdoptionRow moved = judge(Condition.Status.True);
            assertThat(moved.finding()).isEqualTo(Finding.Moved);
            assertThat(moved.why()).contains(ours ? "in its own API server" : "as its owner deploys it");
            AdoptionRow old = judge(Condition.Status.Unknown);
            assertThat(old.finding()).isEqualTo(Finding.Away);
            assertThat(old.why()).contains(ours ? "its clients would dial before" : "its owner has prepared");
        }
    }

    @Test
    void whoNobodyCanChangeBlocksWhateverItDeclares() {
        up(Entrance.UNIFIED);
        standing = Standing.FAILED;
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Away);
        standing = Standing.INVALID_CREDENTIALS;
        assertThat(judge(Condition.Status.True).why()).contains("renew them");
        standing = Standing.SETTLED;
        lifecycle = Lifecycle.IGNORED;
        assertThat(judge(Condition.Status.True).shootClass()).isEqualTo(ShootClass.Ignored);
        lifecycle = Lifecycle.MIGRATING;
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.Away);
    }

    @Test
    void whoIsBeingCreatedPassesOnceItsClientsCameOnTheNewPort() {
        standing = Standing.CREATING;
        assertThat(judge(Condition.Status.False).finding()).isEqualTo(Finding.NotMoved);
        up(Entrance.UNIFIED);
        assertThat(judge(Condition.Status.False).finding()).isEqualTo(Finding.Arriving);
        up(Entrance.LEGACY);
        assertThat(judge(Condition.Status.False).finding()).isEqualTo(Finding.UsesLegacyPort);
    }

    @Test
    void whoIsBeingDeletedBlocksWhileItIsSeenHoweverLongAgoItMoved() {
        lifecycle = Lifecycle.DELETING;
        seen(Entrance.LEGACY, 0, MOVED.minusSeconds(60));
        assertThat(judge(Condition.Status.True).finding()).isEqualTo(Finding.UsesLegacyPort);
    }

    @Test
    void whoHasNoClientsPassesUnlessItIsSeen() {
        workerless = true;
        assertThat(judge(Condition.Status.Unknown).finding()).isEqualTo(Finding.WithoutClients);
        up(Entrance.LEGACY);
        assertThat(judge(Condition.Status.Unknown).finding()).isEqualTo(Finding.UsesLegacyPort);
    }

    private static ShootKey key() {
        return new ShootKey("garden-a", "one");
    }

    private void up(Entrance entrance) {
        uses.add(new Use(key(), entrance, Optional.of(NOW.minusSeconds(60)), Optional.of(NOW), 1, 1, 0, 0, Map.of()));
    }

    private void seen(Entrance entrance, int up, Instant last) {
        uses.add(new Use(key(), entrance, Optional.of(last), Optional.of(last), up, 1, 0, 0, Map.of()));
    }

    private AdoptionRow judge(Condition.Status status) {
        return judge(Optional.of(new Declaration(
                Declaration.Entry.CONDITION, status, "Whatever", "m", Optional.of(moved), Author.MOONGATE)));
    }

    private AdoptionRow judge(Optional<Declaration> declared) {
        var shoot = new Shoot(
                key(),
                Optional.of("shoot--a--one"),
                new Shoot.Placement(Optional.of("s"), Optional.of("s")),
                new Shoot.Traits(workerless, false, false, lifecycle, standing),
                Optional.of("production"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Adoption.ABSENT,
                new Declarations(declared, Optional.empty()));
        return AdoptionReport.of(List.of(shoot), Gardenlets.NONE, new Evidence(uses, coverage), WINDOW, clients, NOW)
                .rows()
                .getFirst();
    }
}
