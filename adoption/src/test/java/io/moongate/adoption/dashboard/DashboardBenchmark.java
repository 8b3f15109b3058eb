package io.moongate.adoption.dashboard;

import io.moongate.adoption.removal.Removal;
import io.moongate.adoption.removal.Verdict;
import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.adoption.report.MergedReport;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.config.Ownership;
import io.moongate.model.config.RemovalSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the dashboard of 10,000 shoots costs the server, the report and a burn-down of 90 days included: {@code ./benchmark evidence}. */
class DashboardBenchmark {
    private static final int SHOOTS = 10_000;
    private static final int HOURS = 90 * 24;
    private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");

    @Test
    @Timeout(300)
    void tenThousandShoots() throws IOException {
        List<Shoot> shoots = shoots();
        var evidence =
                new Evidence(uses(), new Coverage(List.of(new Coverage.Span(NOW.minus(Duration.ofDays(90)), NOW))));
        List<Map<?, ?>> history = history();
        var pages = new Pages(
                new DashboardSource() {
                    @Override
                    public Look look() {
                        var report = AdoptionReport.of(
                                shoots, Gardenlets.NONE, evidence, Duration.ofDays(7), Ownership.Mode.Observe, NOW);
                        var standing = new VerdictTree.Standing(
                                report,
                                Removal.after(List.of()),
                                Verdict.of(report, List.of()),
                                new RemovalSettings(Duration.ofMinutes(5), Duration.ofDays(7), List.of()),
                                List.of(),
                                List.of(),
                                0,
                                List.of(),
                                false);
                        return new Look(
                                MergedReport.of(report), Map.of("This gateway", VerdictTree.of(standing)), List.of());
                    }

                    @Override
                    public List<Map<?, ?>> history() {
                        return history;
                    }

                    @Override
                    public List<Map<?, ?>> days(String shoot) {
                        return List.of();
                    }
                },
                false);
        // As in a process that has just started: it has counted its shoots once, and the dashboard its templates.
        AdoptionReport.of(shoots, Gardenlets.NONE, evidence, Duration.ofDays(7), Ownership.Mode.Observe, NOW);
        pages.warm();
        long first = millis(pages, "/", "");
        long landscape = Long.MAX_VALUE;
        long filter = 0;
        long shoot = 0;
        for (int i = 0; i < 20; i++) {
            landscape = Math.min(landscape, millis(pages, "/", ""));
        }
        for (int i = 0; i < 20; i++) {
            filter = Math.max(filter, millis(pages, "/", "project=project" + i + "&finding=UsesLegacyPort&name=7"));
            shoot = Math.max(shoot, millis(pages, "/shoots/garden-project" + i + "/cluster-" + i, ""));
        }
        long removal = millis(pages, "/removal", "");
        System.out.printf(
                "MEASURED dashboard of %d shoots, nothing cached: first page after the start %d ms (target 300), later at best %d ms, filter at most %d ms (target 100), a shoot's page at most %d ms, the removal's %d ms%n",
                SHOOTS, first, landscape, filter, shoot, removal);
    }

    private static long millis(Pages pages, String path, String query) throws IOException {
        long before = System.nanoTime();
        if (pages.page(path, Filter.of(query)).isEmpty()) {
            throw new AssertionError("no page " + path);
        }
        return (System.nanoTime() - before) / 1_000_000;
    }

    private static List<Use> uses() {
        var uses = new ArrayList<Use>();
        for (int i = 0; i < SHOOTS; i++) {
            Optional<Instant> last = Optional.of(NOW.minusSeconds(i));
            for (Entrance entrance : Entrance.values()) {
                uses.add(new Use(
                        key(i), entrance, last, last, i % 3, 7, 1L << 40, 1L << 41, Map.of("10.0.0.0/24", NOW)));
            }
        }
        return uses;
    }

    private static List<Map<?, ?>> history() {
        var hours = new ArrayList<Map<?, ?>>();
        for (int hour = 0; hour < HOURS; hour++) {
            var findings = new HashMap<String, Long>();
            for (Finding finding : Finding.values()) {
                findings.put(finding.name(), (long) hour);
            }
            hours.add(Map.of("hour", NOW.minus(Duration.ofHours(HOURS - hour)).toString(), "findings", findings));
        }
        return hours;
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
