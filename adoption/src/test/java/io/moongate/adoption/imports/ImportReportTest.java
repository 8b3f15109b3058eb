package io.moongate.adoption.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.config.Ownership;
import io.moongate.model.evidence.Coverage.Span;
import io.moongate.model.landscape.Shoot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What logs prove, and what they do not. All shoots here say that they have moved. */
class ImportReportTest {
    private static final Instant FROM = Instant.parse("2026-08-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-08-09T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-08-10T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Optional<Span> WEEK = ImportReport.observed(new Span(FROM, TO), DAY, NOW);

    private final Formats formats = Formats.usual(new Ports(Map.of(), Optional.empty()));
    private final List<Shoot> shoots = new ArrayList<>(List.of(
            SampleLines.shoot("one", "shoot--foo--one", "s"),
            SampleLines.shoot("two", "shoot--foo--two", "s"),
            SampleLines.shoot("far", "shoot--foo--far", "other"),
            SampleLines.shoot("asleep", "shoot-asleep", "s", Lifecycle.HIBERNATED)));

    @Test
    void aUseOfTheLegacyPortIsOneWhateverTheLogsCover() {
        Tally tally = tally(SampleLines.istio(8132, SampleLines.VPN));
        for (Optional<Span> observed : List.of(WEEK, Optional.<Span>empty())) {
            AdoptionRow row = row("one", tally, observed);
            assertThat(row.finding()).isEqualTo(Finding.Contradiction);
            assertThat(row.legacy().lastSeen()).contains(Instant.parse("2026-08-03T10:01:00.250Z"));
        }
    }

    @Test
    void whatTheLogsDoNotCoverIsNotObserved() {
        Tally tally = tally(alwaysUnified("one"));
        assertThat(row("one", tally, Optional.empty()).finding()).isEqualTo(Finding.NotObserved);
        assertThat(row("one", tally, WEEK).finding()).isEqualTo(Finding.Moved);
        Optional<Span> shorter = ImportReport.observed(new Span(FROM.plusSeconds(3600), TO), DAY, NOW);
        AdoptionRow row = row("one", tally, shorter);
        assertThat(row.finding()).isEqualTo(Finding.NotObserved);
        assertThat(row.why()).contains("do not cover the whole window");
    }

    /** One that lives for days has no line before it ends. */
    @Test
    void theLastHoursOfALogProveNothing() {
        assertThat(WEEK).contains(new Span(FROM, TO.minus(DAY)));
        assertThat(ImportReport.observed(new Span(FROM, TO), Duration.ofDays(8), NOW))
                .isEmpty();
        assertThat(ImportReport.observed(new Span(FROM, TO.plus(Duration.ofDays(90))), DAY, NOW))
                .as("nobody has seen the future")
                .contains(new Span(FROM, NOW.minus(DAY)));
    }

    @Test
    void theReportIsOfTheEndOfWhatWasObserved() {
        Tally tally = tally(alwaysUnified("one"));
        AdoptionReport report = report(tally, WEEK);
        assertThat(report.at()).isEqualTo(TO.minus(DAY));
        assertThat(report.unseen()).isZero();
        assertThat(report(tally(SampleLines.istio(8443, SampleLines.VPN)), Optional.empty())
                        .at())
                .as("else of the last line, to the second")
                .isEqualTo(Instant.parse("2026-08-03T10:01:00Z"));
        assertThat(report(tally(SampleLines.istio(8443, SampleLines.VPN)), Optional.empty())
                        .unseen())
                .isEqualTo(Duration.ofDays(7));
    }

    /** A use behind the end of what was observed is a use. */
    @Test
    void aTunnelOfTheLastHoursCounts() {
        String line = SampleLines.istio("2026-08-08T12:00:00.000Z", 8132, SampleLines.VPN, "id", 1000);
        assertThat(row("one", tally(line), WEEK).finding()).isEqualTo(Finding.Contradiction);
    }

    @Test
    void aShootOfWhichNothingIsInTheLogsIsNotObserved() {
        Tally tally = tally(alwaysUnified("one"));
        assertThat(row("two", tally, WEEK)).satisfies(row -> {
            assertThat(row.finding()).isEqualTo(Finding.NotObserved);
            assertThat(row.why()).contains("no tunnel of it is in the logs");
        });
        assertThat(row("far", tally, WEEK)).satisfies(row -> {
            assertThat(row.finding()).isEqualTo(Finding.NotObserved);
            assertThat(row.why()).contains("no tunnel of its seed is in the logs");
        });
        assertThat(row("asleep", tally, WEEK).finding()).as("it has no clients").isEqualTo(Finding.Moved);
    }

    /** A log that ends early has no tunnel at its end either. */
    @Test
    void aShootWhoseTunnelsEndBeforeTheCoveredTimeIsNotObserved() {
        Tally tally = tally(SampleLines.istio(FROM.toString(), 8443, SampleLines.API, "id", DAY.toMillis()));
        AdoptionRow row = row("one", tally, WEEK);
        assertThat(row.finding()).isEqualTo(Finding.NotObserved);
        assertThat(row.why()).contains("its last tunnel in the logs ended at 2026-08-02T00:00:00Z");
        assertThat(Doubts.about(new Span(FROM, TO), tally))
                .satisfiesExactly(
                        first -> assertThat(first).contains("the first line was written at 2026-08-02T00:00:00Z"),
                        last -> assertThat(last).contains("the last line was written at 2026-08-02T00:00:00Z"));
        assertThat(Doubts.about(new Span(TO.minusSeconds(9), TO), tally(alwaysUnified("one"))))
                .isEmpty();
    }

    @Test
    void aTunnelThroughAPortThatIsNotKnownLeavesItsShootNotObserved() {
        Tally tally = tally(alwaysUnified("one"), SampleLines.istio(18_132, SampleLines.VPN));
        AdoptionRow row = row("one", tally, WEEK);
        assertThat(row.finding()).isEqualTo(Finding.NotObserved);
        assertThat(row.why()).contains("--port 18132=legacy");
    }

    @Test
    void aTunnelWithoutADestinationMayBeOfAnyShoot() {
        Tally tally = tally(alwaysUnified("one"), SampleLines.envoy());
        var read = new LogImport(formats, tally);
        assertThat(Doubts.of(read, tally, true)).singleElement().asString().contains("%UPSTREAM_CLUSTER%");
        Tally unified = tally(SampleLines.istio(8443, "-"));
        assertThat(Doubts.of(read, unified, true))
                .as("the unified port does not matter")
                .isEmpty();
    }

    /** A tunnel of eight days, as one line at its end. */
    private static String alwaysUnified(String name) {
        return SampleLines.istio(
                FROM.toString(),
                8443,
                SampleLines.API.replace("one", name),
                "always-" + name,
                Duration.between(FROM, TO).toMillis());
    }

    private Tally tally(String... lines) {
        var tally = new Tally(shoots);
        for (String line : lines) {
            tally.take((LogLine.Tunnel) formats.read(line));
        }
        return tally;
    }

    private AdoptionReport report(Tally tally, Optional<Span> observed) {
        return ImportReport.of(
                shoots,
                tally,
                new ImportReport.Settings(observed, Duration.ofDays(7), Ownership.Mode.Observe, Gardenlets.NONE, NOW));
    }

    private AdoptionRow row(String name, Tally tally, Optional<Span> observed) {
        return report(tally, observed).rows().stream()
                .filter(row -> row.shoot().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
