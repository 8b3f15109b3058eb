package io.moongate.operator.shoots.move;

import static java.util.stream.Collectors.joining;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.config.RolloutSettings;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.problem.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All moves of a seed together: how many at once, and when no further one may begin. Used by many threads. */
public final class Moves {
    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);

    private final Ledger ledger;
    private final Runnable changed;
    private final Consumer<ShootKey> wake;
    private final Set<ShootKey> underWay = new HashSet<>();
    private final Set<ShootKey> waiting = new LinkedHashSet<>();
    private final Map<ShootKey, String> failures = new TreeMap<>();
    private int maxConcurrent = 1;
    private int stopAfterFailures;

    /**
     * @param changed called when something is to be told to people
     * @param wake called for a shoot that waited when there is a place for it
     */
    public Moves(Ledger ledger, Runnable changed, Consumer<ShootKey> wake) {
        this.ledger = ledger;
        this.changed = changed;
        this.wake = wake;
    }

    public synchronized void limits(RolloutSettings settings) {
        maxConcurrent = settings.maxConcurrent();
        stopAfterFailures = settings.stopAfterFailures();
    }

    /**
     * This replica begins to lead: what is known of before is what was written down.
     *
     * @param found shoots whose condition says that they are on their way
     */
    public synchronized void takeOver(Collection<ShootKey> found) {
        failures.clear();
        failures.putAll(ledger.read());
        underWay.clear();
        underWay.addAll(found);
        changed.run();
    }

    /**
     * Whether the shoot may move now; it then has its place until {@link #end}.
     *
     * @param forward to the unified port; the way back is open also while the rollout is paused
     */
    synchronized boolean begin(ShootKey shoot, boolean forward) {
        if (underWay.contains(shoot)) {
            return true;
        }
        if (underWay.size() >= maxConcurrent || (forward && isPaused())) {
            waiting.add(shoot);
            return false;
        }
        waiting.remove(shoot);
        underWay.add(shoot);
        return true;
    }

    synchronized boolean isUnderWay(ShootKey shoot) {
        return underWay.contains(shoot);
    }

    /** It has no place any more, and waits for none; where there is room the next one is told. */
    synchronized void end(ShootKey shoot) {
        underWay.remove(shoot);
        waiting.remove(shoot);
        Iterator<ShootKey> next = waiting.iterator();
        if (underWay.size() < maxConcurrent && next.hasNext()) {
            ShootKey first = next.next();
            next.remove();
            wake.accept(first);
        }
    }

    /** Shoots that are gone have no place. */
    public synchronized void retain(Set<ShootKey> known) {
        underWay.retainAll(known);
        waiting.retainAll(known);
    }

    synchronized Optional<String> failure(ShootKey shoot) {
        return Optional.ofNullable(failures.get(shoot));
    }

    /** It keeps its place until it is back. */
    void fail(ShootKey shoot, String why) {
        ledger.write(shoot, why);
        synchronized (this) {
            failures.put(shoot, why);
            LOG.warn("{}: the move failed, the shoot uses the legacy port: {}", shoot, why);
            if (isPaused()) {
                LOG.warn("the rollout is paused after {} failed shoots", failures.size());
            }
        }
        changed.run();
    }

    /** It is not to move any more: what failed is of no interest. */
    void forget(ShootKey shoot) {
        if (failure(shoot).isPresent()) {
            ledger.write(shoot, null);
            synchronized (this) {
                failures.remove(shoot);
            }
            changed.run();
        }
    }

    private boolean isPaused() {
        return stopAfterFailures > 0 && failures.size() >= stopAfterFailures;
    }

    public synchronized int count() {
        return underWay.size();
    }

    /** Under what a person lets failed shoots be tried again; empty while none has failed. */
    public synchronized Optional<String> heldId() {
        String names = failures.keySet().stream().map(ShootKey::toString).collect(joining(" "));
        return failures.isEmpty() ? Optional.empty() : Optional.of("retry-" + Integer.toHexString(names.hashCode()));
    }

    public synchronized Optional<Problem> problem() {
        return heldId().map(id -> {
            String names = failures.entrySet().stream()
                    .limit(3)
                    .map(f -> f.getKey() + " (" + f.getValue() + ")")
                    .collect(joining("; "));
            String more = failures.size() > 3 ? "; and " + (failures.size() - 3) + " more" : "";
            return Problem.general(
                    isPaused() ? Problem.Code.ROLLOUT_PAUSED : Problem.Code.MOVE_FAILED,
                    failures.size() + " shoots failed to move and are on the legacy port: " + names + more
                            + (isPaused() ? "; no further shoot is moved" : ""),
                    "correct the cause, then try them again with `moongate confirm " + id
                            + "` on the operator's machine");
        });
    }

    /** The failed shoots are tried again. */
    public void retry() {
        Set<ShootKey> all;
        synchronized (this) {
            all = Set.copyOf(failures.keySet());
        }
        for (ShootKey shoot : all) {
            try {
                forget(shoot);
            } catch (KubernetesClientException e) {
                LOG.warn("{}: cannot be tried again yet: {}", shoot, e.getMessage());
            }
        }
    }
}
