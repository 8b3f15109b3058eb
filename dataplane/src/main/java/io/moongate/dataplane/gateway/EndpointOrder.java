package io.moongate.dataplane.gateway;

import io.moongate.model.net.HostPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToIntFunction;

/** Which endpoint to try first: those that did not fail lately, of them the one with the fewest tunnels. */
final class EndpointOrder {
    private static final long REMEMBERED_NANOS = 10_000_000_000L;
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<HostPort, Long> failures = new ConcurrentHashMap<>();
    private final ToIntFunction<HostPort> tunnelsOn;

    EndpointOrder(ToIntFunction<HostPort> tunnelsOn) {
        this.tunnelsOn = tunnelsOn;
    }

    List<HostPort> of(List<HostPort> endpoints) {
        if (endpoints.size() == 1) {
            return endpoints;
        }
        long now = System.nanoTime();
        var ordered = new ArrayList<>(endpoints);
        // Shuffled first: among equals none is preferred.
        Collections.shuffle(ordered, ThreadLocalRandom.current());
        ordered.sort(Comparator.comparing((HostPort e) -> failedLately(e, now)).thenComparingInt(tunnelsOn));
        return ordered;
    }

    void failed(HostPort endpoint) {
        if (failures.size() < MOST_REMEMBERED) {
            failures.put(endpoint, System.nanoTime());
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
