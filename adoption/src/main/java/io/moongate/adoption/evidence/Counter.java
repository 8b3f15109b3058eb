package io.moongate.adoption.evidence;

import io.moongate.model.evidence.Use;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One shoot at one entrance, as it is counted. Its lock is held for a few assignments: event loops come here. */
final class Counter {
    /** A shoot has a handful of networks; whoever has more shows the latest. */
    static final int CLIENTS = 8;

    private final Use before;
    private final Map<String, Instant> clients;
    private @Nullable Instant lastSetUp;
    private @Nullable Instant lastSeen;
    private int up;
    private long setUps;
    private long bytesIn;
    private long bytesOut;
    private boolean changed;

    /** @param before what earlier processes have counted */
    Counter(Use before) {
        this.before = before;
        this.clients = new HashMap<>(before.clients());
        this.lastSetUp = before.lastSetUp().orElse(null);
        this.lastSeen = before.lastSeen().orElse(null);
    }

    synchronized void established(String range, Instant now) {
        up++;
        setUps++;
        lastSetUp = now;
        clients.put(range, now);
        if (clients.size() > CLIENTS) {
            clients.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .map(Map.Entry::getKey)
                    .ifPresent(clients::remove);
        }
        changed = true;
    }

    synchronized void ended(long in, long out, Instant now) {
        up--;
        bytesIn += in;
        bytesOut += out;
        lastSeen = now;
        changed = true;
    }

    synchronized Use use(Instant now) {
        return new Use(
                before.shoot(),
                before.entrance(),
                Optional.ofNullable(lastSetUp),
                up > 0 ? Optional.of(now) : Optional.ofNullable(lastSeen),
                up,
                before.setUps() + setUps,
                before.bytesIn() + bytesIn,
                before.bytesOut() + bytesOut,
                clients);
    }

    /** What it is now, when that is something else than the last time. */
    synchronized Optional<Use> takeChange(Instant now) {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        return Optional.of(use(now));
    }

    /** What was taken could not be kept. */
    synchronized void putBack() {
        changed = true;
    }
}
