package io.moongate.adoption.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.GardenletCheck;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.adoption.report.ShootClass;
import io.moongate.model.condition.Declarations;
import io.moongate.model.config.RemovalSettings.Exemption;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.removal.LegacyPort;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemovalTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration WINDOW = Duration.ofDays(7);

    @Test
    void blockersAreNamedAndCounted() {
        Verdict verdict = judge(
                List.of(),
                IntStream.range(0, 9)
                        .mapToObj(i -> row("s" + i, Finding.UsesLegacyPort, ShootClass.Active))
                        .toArray(AdoptionRow[]::new));
        assertThat(verdict.removable()).isFalse();
        assertThat(verdict.summary())
                .contains("9 of 9 shoots", "garden-a/s0 (UsesLegacyPort, Active)", "and 4 more")
                .doesNotContain("s7");
    }

    @Test
    void whatPassesWithANoteIsNoted() {
        Verdict verdict = judge(
                List.of(),
                row("moved", Finding.Moved, ShootClass.Active),
                row("sleeps", Finding.Moved, ShootClass.Hibernated),
                row("new", Finding.Arriving, ShootClass.Creating),
                row("none", Finding.WithoutClients, ShootClass.Workerless));
        assertThat(verdict.removable()).isTrue();
        assertThat(verdict.notes()).extracting(r -> r.shoot().name()).containsExactly("sleeps", "new", "none");
    }

    @Test
    void anExemptionCountsUntilItExpires() {
        var old = row("old", Finding.UsesLegacyPort, ShootClass.Active);
        Exemption valid = exemption("old", NOW.plusSeconds(1));
        assertThat(judge(List.of(valid), old).removable()).isTrue();
        assertThat(judge(List.of(valid), old).exempted()).hasSize(1);
        Verdict after = judge(List.of(exemption("old", NOW)), old);
        assertThat(after.removable()).isFalse();
        assertThat(after.expired()).hasSize(1);
    }

    @Test
    void whereNoShootIsKnownNothingIsSafe() {
        assertThat(judge(List.of()).removable()).isFalse();
        assertThat(judge(List.of()).summary()).contains("no shoot is known");
    }

    @Test
    void stepsAreTakenInOrder() {
        Verdict fine = judge(List.of(), row("moved", Finding.Moved, ShootClass.Active));
        Verdict blocked = judge(List.of(), row("old", Finding.UsesLegacyPort, ShootClass.Active));
        Removal open = Removal.after(List.of(decision(Decision.Action.Refused, 0)));
        assertThat(open.port()).isEqualTo(LegacyPort.Open);
        assertThat(open.whyNotRemoved(fine)).isEmpty();
        assertThat(open.whyNotRemoved(blocked)).contains(blocked.summary());
        assertThat(open.whyNotRestored()).isPresent();
        assertThat(open.whyNotFinal(WINDOW, NOW)).isPresent();

        Removal removed = Removal.after(List.of(decision(Decision.Action.Removed, 0)));
        assertThat(removed.whyNotRemoved(fine)).isPresent();
        assertThat(removed.whyNotRestored()).isEmpty();
        assertThat(removed.whyNotFinal(WINDOW, NOW.plus(WINDOW).minusSeconds(1)))
                .get()
                .asString()
                .contains("can be restored until " + NOW.plus(WINDOW));
        assertThat(removed.whyNotFinal(WINDOW, NOW.plus(WINDOW))).isEmpty();

        Removal gone = Removal.after(
                List.of(decision(Decision.Action.Removed, 0), decision(Decision.Action.RemovedForGood, 1)));
        assertThat(gone.whyNotRestored()).get().asString().contains("final", "by anna");
        assertThat(Removal.after(List.of(decision(Decision.Action.Removed, 0), decision(Decision.Action.Restored, 1)))
                        .port())
                .isEqualTo(LegacyPort.Open);
    }

    private static Decision decision(Decision.Action action, long later) {
        return new Decision(NOW.plusSeconds(later), action, "anna", "{}");
    }

    private static Exemption exemption(String shoot, Instant expires) {
        return new Exemption(new ShootKey("garden-a", shoot), "team a", "it is switched off next week", expires);
    }

    private static Verdict judge(List<Exemption> exemptions, AdoptionRow... rows) {
        return Verdict.of(
                new AdoptionReport(NOW, NOW.minus(WINDOW), Duration.ZERO, Gardenlets.NONE, List.of(rows)), exemptions);
    }

    @Test
    void anExemptionDoesNotCountForGardenlet() {
        var refused = new GardenletCheck(GardenletCheck.Result.Refuses, "it lacks the constraint");
        Verdict verdict = judge(
                List.of(exemption("one", NOW.plusSeconds(60))),
                row("one", Finding.NotMoved, ShootClass.Active, Optional.of(refused)));
        assertThat(verdict.exempted()).isEmpty();
        assertThat(verdict.blockers())
                .singleElement()
                .satisfies(row -> assertThat(row.finding()).isEqualTo(Finding.GardenletRefuses));
    }

    private static AdoptionRow row(String name, Finding finding, ShootClass shootClass) {
        return row(name, finding, shootClass, Optional.empty());
    }

    private static AdoptionRow row(
            String name, Finding finding, ShootClass shootClass, Optional<GardenletCheck> gardenlet) {
        var key = new ShootKey("garden-a", name);
        return new AdoptionRow(
                key,
                Optional.of("seed-1"),
                Optional.empty(),
                shootClass,
                Declarations.NONE,
                gardenlet,
                Use.none(key, Entrance.LEGACY),
                Use.none(key, Entrance.UNIFIED),
                finding,
                false,
                "why");
    }
}
