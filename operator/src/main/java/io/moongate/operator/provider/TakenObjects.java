package io.moongate.operator.provider;

import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last good form of each object of a cluster, as many as there is room for. Written by several threads of the
 * client, read by any.
 */
final class TakenObjects {
    private final String cluster;
    private final int most;
    private final Map<ObjectRef, Manifest> good = new ConcurrentHashMap<>();
    private int weight;
    /** Those that are not here in their latest form, the first one first, and how much room they need. */
    private final Map<ObjectRef, Integer> refused = new LinkedHashMap<>();

    /** @param most as {@link InputLimits#objects} counts them */
    TakenObjects(String cluster, int most) {
        this.cluster = cluster;
        this.most = most;
    }

    /** Whether what is here, or what is said of it, is different now. Without room the last good form stays. */
    synchronized boolean take(ObjectRef ref, Manifest manifest) {
        Manifest before = good.get(ref);
        int more = manifest.weight() - (before == null ? 0 : before.weight());
        if (more > 0 && weight + more > most) {
            boolean first = refused.isEmpty();
            // The first one stays named: else the problem would be another one with each refused object.
            refused.put(ref, more);
            return first;
        }
        weight += more;
        good.put(ref, manifest);
        boolean wasRefused = refused.remove(ref) != null;
        return wasRefused || !manifest.equals(before);
    }

    /** Whether what is here, or what is said of it, is different now. */
    synchronized boolean drop(ObjectRef ref) {
        Manifest gone = good.remove(ref);
        weight -= gone == null ? 0 : gone.weight();
        boolean wasRefused = refused.remove(ref) != null;
        return wasRefused || gone != null;
    }

    /** One that was refused, and for which there is room now. */
    synchronized Optional<ObjectRef> fitting() {
        return weight >= most
                ? Optional.empty()
                : refused.entrySet().stream()
                        .filter(object -> weight + object.getValue() <= most)
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    @Nullable
    Manifest get(ObjectRef ref) {
        return good.get(ref);
    }

    Collection<Manifest> all() {
        return List.copyOf(good.values());
    }

    /** It could not be read: others that fit come first. */
    synchronized void later(ObjectRef ref) {
        Integer more = refused.remove(ref);
        if (more != null) {
            refused.put(ref, more);
        }
    }

    /** Its latest form is none: the last good one stays, with or without room. Whether what is said is different now. */
    synchronized boolean keep(ObjectRef ref) {
        return refused.remove(ref) != null;
    }

    /** That there is no room for some of them. */
    synchronized Optional<Problem> overfull() {
        return refused.keySet().stream()
                .findFirst()
                .map(ref -> Problem.of(
                        Problem.Code.LIMIT_EXCEEDED,
                        ref,
                        "the " + cluster + " has more objects than the " + most
                                + " for which there is room; this one and perhaps others are not taken",
                        "give the process more memory (-Xmx), which restarts it"));
    }
}
