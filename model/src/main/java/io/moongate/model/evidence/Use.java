package io.moongate.model.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one shoot was seen to use one entrance, as far back as evidence is kept.
 *
 * @param lastSetUp when a tunnel was last set up
 * @param lastSeen when a tunnel was last up; now, while one is
 * @param up tunnels at this moment
 * @param setUps since evidence is kept
 * @param bytesIn from clients, since evidence is kept
 * @param bytesOut to clients, since evidence is kept
 * @param clients ranges of addresses of its clients (/24, /48) with the time of their last set-up; the latest few
 */
public record Use(
        ShootKey shoot,
        Entrance entrance,
        Optional<Instant> lastSetUp,
        Optional<Instant> lastSeen,
        int up,
        long setUps,
        long bytesIn,
        long bytesOut,
        Map<String, Instant> clients) {
    public Use {
        clients = Map.copyOf(clients);
    }

    /** One that was never seen. */
    public static Use none(ShootKey shoot, Entrance entrance) {
        return new Use(shoot, entrance, Optional.empty(), Optional.empty(), 0, 0, 0, 0, Map.of());
    }

    /** When a tunnel was last set up or up; {@link Instant#EPOCH} where there was none. */
    public Instant lastUse() {
        return Stream.of(lastSetUp, lastSeen)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** Whether a tunnel was up at this time or later. */
    public boolean since(Instant time) {
        return up > 0 || lastSeen.filter(seen -> !seen.isBefore(time)).isPresent();
    }
}
