package io.moongate.dataplane.record;

import io.moongate.model.destination.Entrance;
import io.moongate.model.tunnel.Flag;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The gateway's metrics. Series are looked up once: a look-up costs many times what an increment does. */
public final class GatewayMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<Entrance, PerListener> listeners = new EnumMap<>(Entrance.class);
    private final Gauge generation;
    private final Gauge problems;

    /** The series of one listener. */
    public record PerListener(
            GaugeDataPoint active,
            Map<Flag, CounterDataPoint> total,
            DistributionDataPoint setup,
            CounterDataPoint bytesIn,
            CounterDataPoint bytesOut) {}

    public GatewayMetrics() {
        var active = Gauge.builder()
                .name("moongate_tunnels_active")
                .help("Tunnels that are up.")
                .labelNames("listener")
                .register(registry);
        var total = Counter.builder()
                .name("moongate_tunnels_total")
                .help("Tunnels that ended and requests that were refused, by why.")
                .labelNames("listener", "flag")
                .register(registry);
        var setup = Histogram.builder()
                .name("moongate_tunnel_setup_seconds")
                .help("Time from accepting a connection to its 200.")
                .labelNames("listener")
                .classicOnly()
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
                .register(registry);
        var bytes = Counter.builder()
                .name("moongate_bytes_total")
                .help("Bytes relayed; in is from the client.")
                .labelNames("listener", "direction")
                .register(registry);
        generation = Gauge.builder()
                .name("moongate_config_generation")
                .help("Counts the plans applied since the start.")
                .register(registry);
        problems = Gauge.builder()
                .name("moongate_problems")
                .help("Problems with the input that is in force.")
                .register(registry);
        for (Entrance entrance : Entrance.values()) {
            var flags = new EnumMap<Flag, CounterDataPoint>(Flag.class);
            for (Flag flag : Flag.values()) {
                flags.put(flag, total.labelValues(entrance.label(), flag.label()));
            }
            listeners.put(
                    entrance,
                    new PerListener(
                            active.labelValues(entrance.label()),
                            flags,
                            setup.labelValues(entrance.label()),
                            bytes.labelValues(entrance.label(), "in"),
                            bytes.labelValues(entrance.label(), "out")));
        }
    }

    public void backlog(LongSupplier bytes) {
        GaugeWithCallback.builder()
                .name("moongate_backlog_bytes")
                .help("Memory of what waits in tunnels for peers that do not read.")
                .callback(c -> c.call((double) bytes.getAsLong()))
                .register(registry);
    }

    public void droppedLogLines(LongSupplier dropped) {
        GaugeWithCallback.builder()
                .name("moongate_access_log_dropped")
                .help("Access log lines that the disk did not take since the start.")
                .callback(c -> c.call((double) dropped.getAsLong()))
                .register(registry);
    }

    public PerListener of(Entrance entrance) {
        PerListener series = listeners.get(entrance);
        if (series == null) {
            throw new IllegalArgumentException("no series for " + entrance);
        }
        return series;
    }

    public void applied(long generationNumber) {
        generation.set((double) generationNumber);
    }

    public void problems(long count) {
        problems.set((double) count);
    }

    public PrometheusRegistry registry() {
        return registry;
    }
}
