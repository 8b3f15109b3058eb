package io.moongate.operator;

import io.moongate.model.condition.Reason;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;

/** What the operator counts. */
public final class OperatorMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter reconciles = Counter.builder()
            .name("moongate_operator_reconciles_total")
            .help("Reconciliations of the seed, by result.")
            .labelNames("result")
            .register(registry);
    private final Histogram duration = Histogram.builder()
            .name("moongate_operator_reconcile_seconds")
            .help("How long a reconciliation took.")
            .classicOnly()
            .classicUpperBounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
            .register(registry);
    private final Counter writes = Counter.builder()
            .name("moongate_operator_writes_total")
            .help("Objects written, by kind and verb.")
            .labelNames("kind", "verb")
            .register(registry);
    private final Gauge leader = Gauge.builder()
            .name("moongate_operator_leader")
            .help("1 on the replica that writes, else 0.")
            .register(registry);
    private final Gauge shoots = Gauge.builder()
            .name("moongate_operator_shoots")
            .help("Shoots with the condition, by its reason.")
            .labelNames("reason")
            .register(registry);
    private final Gauge moving = Gauge.builder()
            .name("moongate_operator_shoots_moving")
            .help("Shoots whose components are being moved from one port to the other.")
            .register(registry);
    private final Gauge problems = Gauge.builder()
            .name("moongate_problems")
            .help("Problems with the input that is in force.")
            .register(registry);

    void reconciled(boolean well, double seconds) {
        reconciles.labelValues(well ? "ok" : "error").inc();
        duration.observe(seconds);
    }

    void wrote(String kind, String verb) {
        writes.labelValues(kind, verb).inc();
    }

    void leading(boolean is) {
        leader.set(is ? 1 : 0);
    }

    void shoots(Map<String, Long> byReason, int underWay) {
        moving.set(underWay);
        for (Reason reason : Reason.values()) {
            shoots.labelValues(reason.name()).set(byReason.getOrDefault(reason.name(), 0L));
        }
    }

    void problems(long count) {
        problems.set((double) count);
    }

    public PrometheusRegistry registry() {
        return registry;
    }
}
