package io.moongate.dataplane.record;

import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.tunnel.Flag;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.time.Instant;
import java.util.Optional;

/** The one exit of every tunnel and refused request: counted and logged here, once. */
public final class Recorder {
    private final GatewayMetrics metrics;
    private final AccessLog log;
    private final TunnelObserver observer;
    private final Defects defects = new Defects();

    public Recorder(GatewayMetrics metrics, AccessLog log) {
        this(metrics, log, TunnelObserver.NONE);
    }

    public Recorder(GatewayMetrics metrics, AccessLog log, TunnelObserver observer) {
        this.metrics = metrics;
        this.log = log;
        this.observer = observer;
        metrics.droppedLogLines(log::dropped);
    }

    /** Why the access log cannot be written, while that is so. */
    public Optional<String> logFailure() {
        return log.failure();
    }

    public Defects defects() {
        return defects;
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    public void established(TunnelRecord record) {
        record.established(observer);
        metrics.of(record.entrance()).setup().observe(record.setupMicros() / 1e6);
    }

    public void finish(TunnelRecord record, Flag flag) {
        record.finish(flag, Instant.now()).ifPresent(entry -> {
            var series = metrics.of(entry.entrance());
            // Each for itself: a failure of the evidence must not cost the line of the log, nor the other way round.
            defects.guard(() -> {
                CounterDataPoint total = series.total().get(flag);
                if (total != null) {
                    total.inc();
                }
            });
            defects.guard(() -> log.log(entry));
            defects.guard(() -> record.seen().ifPresent(seen -> seen.ended()));
        });
    }
}
