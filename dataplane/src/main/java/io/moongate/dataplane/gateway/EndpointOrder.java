package io.moongate.dataplane.gateway;

import io.moongate.model.net.HostPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/** Which endpoint to try first: those that did not fail lately, of them the one with the fewest tunnels. */
final class EndpointOrder {
    private static final long REMEMBERED_NANOS = 10_000_000_000L;
    private static final long FORGETTING_NANOS = 1_000_000_000L;
    static final int MOST_REMEMBERED = 10_000;

    private final Map<HostPort, Long> failures = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong(System.nanoTime() - FORGETTING_NANOS);
    private final ToIntFunction<HostPort> tunnelsOn;

    EndpointOrder(ToIntFunction<HostPort> tunnelsOn) {
        this.tunnelsOn = tunnelsOn;
    }

    private record Candidate(HostPort endpoint, boolean failed, int tunnels) {}

    List<HostPort> of(List<HostPort> endpoints) {
        if (endpoints.size() == 1) {
            return endpoints;
        }
        long now = System.nanoTime();
        // Asked for once: a sort throws where other event loops change the numbers under it.
        var ordered = new ArrayList<Candidate>(endpoints.size());
        for (HostPort endpoint : endpoints) {
            ordered.add(new Candidate(endpoint, failedLately(endpoint, now), tunnelsOn.applyAsInt(endpoint)));
        }
        // Shuffled first: among equals none is preferred.
        Collections.shuffle(ordered, ThreadLocalRandom.current());
        ordered.sort(Comparator.comparing(Candidate::failed).thenComparingInt(Candidate::tunnels));
        return ordered.stream().map(Candidate::endpoint).toList();
    }

    void failed(HostPort endpoint) {
        long now = System.nanoTime();
        if (failures.size() >= MOST_REMEMBERED) {
            forget(now);
        }
        if (failures.size() < MOST_REMEMBERED) {
            failures.put(endpoint, now);
        }
    }

    /** Endpoints that left the plan are never asked for again. At most once a second: it costs a look at each. */
    private void forget(long now) {
        long last = forgotten.get();
        if (now - last > FORGETTING_NANOS && forgotten.compareAndSet(last, now)) {
            failures.values().removeIf(when -> now - when > REMEMBERED_NANOS);
        }
    }

    void answered(HostPort endpoint) {
        failures.remove(endpoint);
    }

    private boolean failedLately(HostPort endpoint, long now) {
        Long when = failures.get(endpoint);
        if (when == null) {
            return false;
        }
        if (now - when > REMEMBERED_NANOS) {
            failures.remove(endpoint, when);
            return false;
        }
        return true;
    }
}
