package io.moongate.adoption.imports;

import io.moongate.adoption.imports.LogLine.Tunnel;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One shoot at one entrance, as it is added up. */
final class UseTally {
    /** As many as evidence keeps. */
    private static final int CLIENTS = 8;

    private final Map<String, Instant> clients = new HashMap<>();
    private Instant lastSetUp = Instant.MIN;
    private Instant lastSeen = Instant.MIN;
    private long setUps;
    private long bytesIn;
    private long bytesOut;

    void take(Tunnel tunnel, Optional<String> range, TunnelSet.Added added) {
        lastSetUp = later(lastSetUp, tunnel.start());
        lastSeen = later(lastSeen, tunnel.end());
        setUps += added.tunnel() ? 1 : 0;
        bytesIn += added.bytesIn();
        bytesOut += added.bytesOut();
        range.ifPresent(name -> clients.merge(name, tunnel.start(), UseTally::later));
        if (clients.size() > CLIENTS) {
            clients.entrySet().stream()
                    .min(Map.Entry.<String, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .map(Map.Entry::getKey)
                    .ifPresent(clients::remove);
        }
    }

    Use use(ShootKey shoot, Entrance entrance) {
        return new Use(
                shoot, entrance, Optional.of(lastSetUp), Optional.of(lastSeen), 0, setUps, bytesIn, bytesOut, clients);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
