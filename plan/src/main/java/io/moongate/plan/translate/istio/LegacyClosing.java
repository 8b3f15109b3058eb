package io.moongate.plan.translate.istio;

import java.time.Duration;
import java.time.Instant;

/**
 * How the legacy listeners of a seed's ingress gateways go, after they have been decided to go: one after the other,
 * evenly over the pace, each after its Service's port. A function of time alone, so that a restart changes nothing.
 *
 * @param since when it was decided
 * @param pace over which time
 */
public record LegacyClosing(Instant since, Duration pace) {
    /** When the listener of the gateway at this place goes. */
    public Instant goesAt(int index, int count) {
        return since.plus(pace.multipliedBy(index + 1L).dividedBy(count));
    }
}
