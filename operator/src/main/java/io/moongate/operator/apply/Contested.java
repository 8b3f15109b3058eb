package io.moongate.operator.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects of ours that somebody else changes back again and again: an owner that appeared later. Repairing such an
 * object would be a fight; it is left to the other, and people are told. An edit now and then is repaired.
 */
public final class Contested {
    private static final int TIMES = 3;
    private static final Duration WITHIN = Duration.ofMinutes(5);
    /** So long the other is left alone before one more try. */
    private static final Duration REST = Duration.ofMinutes(10);

    /** By object: when it was changed by whom. Bounded: an object has {@link #TIMES} entries at most. */
    private final Map<String, TreeMap<Instant, String>> changes = new ConcurrentHashMap<>();

    /**
     * To be asked before an object that differs is written.
     *
     * @return who insists on the object; empty where it may be written
     */
    public Optional<String> insisting(String object, GenericKubernetesResource live, Instant now) {
        lastChange(live)
                .filter(change -> !ServerSideApply.FIELD_MANAGER.equals(change.getManager()))
                .ifPresent(change -> remember(object, change));
        TreeMap<Instant, String> known = changes.get(object);
        if (known == null) {
            return Optional.empty();
        }
        synchronized (known) {
            if (known.isEmpty() || now.isAfter(known.lastKey().plus(REST))) {
                changes.remove(object);
                return Optional.empty();
            }
            boolean often = known.size() >= TIMES
                    && Duration.between(known.firstKey(), known.lastKey()).compareTo(WITHIN) <= 0;
            return often ? Optional.of(known.lastEntry().getValue()) : Optional.empty();
        }
    }

    private void remember(String object, ManagedFieldsEntry change) {
        TreeMap<Instant, String> known = changes.computeIfAbsent(object, o -> new TreeMap<>());
        synchronized (known) {
            // The same change may be seen twice: a watch tells late.
            known.put(Instant.parse(change.getTime()), String.valueOf(change.getManager()));
            while (known.size() > TIMES) {
                known.pollFirstEntry();
            }
        }
    }

    /** Of the object itself; what controllers write into its status is no change of it. */
    private static Optional<ManagedFieldsEntry> lastChange(GenericKubernetesResource live) {
        var managers = live.getMetadata().getManagedFields();
        return managers == null
                ? Optional.empty()
                : managers.stream()
                        .filter(m -> m.getTime() != null
                                && Objects.requireNonNullElse(m.getSubresource(), "")
                                        .isEmpty())
                        .max(Comparator.comparing((ManagedFieldsEntry m) -> Instant.parse(m.getTime()))
                                // In the same second the other's change is what there is to explain.
                                .thenComparing(m -> !ServerSideApply.FIELD_MANAGER.equals(m.getManager())));
    }
}
