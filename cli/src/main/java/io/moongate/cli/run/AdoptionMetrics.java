package io.moongate.cli.run;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.Finding;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code moongate_adoption_*}: counted when they are asked for; no series for single shoots. */
final class AdoptionMetrics {
    private AdoptionMetrics() {}

    /** @param report empty until something is in force */
    static void register(PrometheusRegistry registry, Supplier<Optional<AdoptionReport>> report) {
        GaugeWithCallback.builder()
                .name("moongate_adoption_shoots")
                .help("Shoots by what their condition and their tunnels say together.")
                .labelNames("finding")
                .callback(callback -> report.get().ifPresent(r -> {
                    Map<Finding, Long> counts = r.rows().stream().collect(groupingBy(AdoptionRow::finding, counting()));
                    for (Finding finding : Finding.values()) {
                        callback.call((double) counts.getOrDefault(finding, 0L), finding.name());
                    }
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("moongate_adoption_silent_shoots")
                .help("Shoots that are declared True and have had no tunnel on the unified port for five minutes.")
                .callback(callback -> report.get()
                        .ifPresent(r -> callback.call((double)
                                r.rows().stream().filter(AdoptionRow::silent).count())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("moongate_adoption_unseen_seconds")
                .help("How much of the evidence window nobody looked.")
                .callback(callback -> report.get()
                        .ifPresent(r -> callback.call((double) r.unseen().toSeconds())))
                .register(registry);
    }
}
