package io.moongate.adoption.evidence;

import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.evidence.Use;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One shoot at one entrance, as it is counted. Its lock is held for a few assignments: event loops come here. */
final class Counter {
    /** A shoot has a handful of networks; whoever has more shows the latest. */
    static final int CLIENTS = 8;

    private final Use before;
    private final Map<String, Instant> clients;
    private final Set<TunnelObserver.Traffic> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Instant lastSetUp;
    private @Nullable Instant lastSeen;
    private long setUps;
    private long bytesIn;
    private long bytesOut;
    private boolean changed;
    private long takenBytes;

    /** @param before what earlier processes have counted */
    Counter(Use before) {
        this.before = before;
        this.clients = new HashMap<>(before.clients());
        this.lastSetUp = before.lastSetUp().orElse(null);
        this.lastSeen = before.lastSeen().orElse(null);
        this.takenBytes = before.bytesIn() + before.bytesOut();
    }

    synchronized void established(String range, TunnelObserver.Traffic traffic, Instant now) {
        setUps++;
        lastSetUp = now;
        goesOn(range, traffic, now);
    }

    /** It was set up before. */
    synchronized void goesOn(String range, TunnelObserver.Traffic traffic, Instant now) {
        live.add(traffic);
        clients.put(range, now);
        if (clients.size() > CLIENTS) {
            clients.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .map(Map.Entry::getKey)
                    .ifPresent(clients::remove);
        }
        changed = true;
    }

    synchronized void ended(TunnelObserver.Traffic traffic, Instant now) {
        if (live.remove(traffic)) {
            bytesIn += traffic.bytesIn();
            bytesOut += traffic.bytesOut();
            lastSeen = now;
            changed = true;
        }
    }

    synchronized Use use(Instant now) {
        long in = before.bytesIn() + bytesIn;
        long out = before.bytesOut() + bytesOut;
        for (TunnelObserver.Traffic traffic : live) {
            in += traffic.bytesIn();
            out += traffic.bytesOut();
        }
        return new Use(
                before.shoot(),
                before.entrance(),
                Optional.ofNullable(lastSetUp),
                live.isEmpty() ? Optional.ofNullable(lastSeen) : Optional.of(now),
                live.size(),
                before.setUps() + setUps,
                in,
                out,
                clients);
    }

    /**
     * What it is now, when that is something else than the last time.
     *
     * @param traffic whether it is, too, when only bytes have passed
     */
    synchronized Optional<Use> takeChange(Instant now, boolean traffic) {
        if (!changed && !traffic) {
            return Optional.empty();
        }
        Use use = use(now);
        long bytes = use.bytesIn() + use.bytesOut();
        if (!changed && bytes == takenBytes) {
            return Optional.empty();
        }
        changed = false;
        takenBytes = bytes;
        return Optional.of(use);
    }

    /** What was taken could not be kept. */
    synchronized void putBack() {
        changed = true;
    }
}
