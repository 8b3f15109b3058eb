package io.moongate.cli.run;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;

/** {@code moongate_adoption_*}: one report for each scrape; no series for single shoots. */
record AdoptionMetrics(AdoptionDesk desk) implements MultiCollector {
    @Override
    public MetricSnapshots collect() {
        return desk.report().map(this::of).orElseGet(MetricSnapshots::new);
    }

    private MetricSnapshots of(AdoptionReport report) {
        var shoots = GaugeSnapshot.builder()
                .name("moongate_adoption_shoots")
                .help("Shoots by what their condition and their tunnels say together.");
        Map<Finding, Long> counts = report.rows().stream().collect(groupingBy(AdoptionRow::finding, counting()));
        for (Finding finding : Finding.values()) {
            shoots.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("finding", finding.name()))
                    .value((double) counts.getOrDefault(finding, 0L))
                    .build());
        }
        return new MetricSnapshots(
                shoots.build(),
                gauge(
                        "moongate_adoption_silent_shoots",
                        "Shoots that are declared True and have had no tunnel on the unified port for five minutes.",
                        report.rows().stream().filter(AdoptionRow::silent).count()),
                gauge(
                        "moongate_adoption_legacy_port_open",
                        "1 while the legacy port is served, 0 after it has been removed.",
                        desk.legacyPort().isClosed() ? 0 : 1),
                gauge(
                        "moongate_adoption_unseen_seconds",
                        "How much of the evidence window nobody looked.",
                        report.unseen().toSeconds()));
    }

    private static GaugeSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value((double) value)
                        .build())
                .build();
    }
}
