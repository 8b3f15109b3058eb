package io.moongate.operator.shoots.status;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declaration.Entry;
import io.moongate.model.condition.Declarations;
import io.moongate.operator.apply.ServerSideApply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which entries of a Shoot's status a write concerns: not those of another author, nor those that are absent and stay so. */
final class OwnEntries {
    private static final String APPLY = "Apply";

    private final Map<String, Object> shoot;
    private final Map<Entry, Optional<Condition>> wanted = new LinkedHashMap<>();
    private final Map<Entry, Map<?, ?>> takenOver = new LinkedHashMap<>();
    private boolean appearsOrGoes;

    /**
     * @param shoot as it was read
     * @param found the entries in it
     * @param adoption what is to be in it
     */
    OwnEntries(Map<String, Object> shoot, Declarations found, Adoption adoption) {
        this.shoot = shoot;
        take(Entry.CONDITION, found.condition(), adoption.condition());
        take(Entry.CONSTRAINT, found.constraint(), adoption.constraint());
    }

    private void take(Entry entry, Optional<Declaration> found, Optional<Condition> condition) {
        boolean anothers = found.filter(f -> !f.isMoongates()).isPresent();
        if (anothers && isApplied(entry)) {
            live(entry).ifPresent(as -> takenOver.put(entry, as));
        }
        if (anothers || (found.isEmpty() && condition.isEmpty())) {
            return;
        }
        wanted.put(entry, condition);
        appearsOrGoes |= found.isEmpty() || condition.isEmpty();
    }

    /** Whether our last apply had this entry, and fields of it are still ours. */
    private boolean isApplied(Entry entry) {
        String key = "k:{\"type\":\"" + entry.type() + "\"}";
        return list(at(shoot, "metadata", "managedFields")).stream()
                .anyMatch(fields -> ServerSideApply.FIELD_MANAGER.equals(at(fields, "manager"))
                        && APPLY.equals(at(fields, "operation"))
                        && at(fields, "fieldsV1", "f:status", "f:" + entry.list(), key) != null);
    }

    private Optional<Map<?, ?>> live(Entry entry) {
        return list(at(shoot, "status", entry.list())).stream()
                .filter(found -> entry.type().equals(at(found, "type")))
                .findFirst()
                .flatMap(found -> found instanceof Map<?, ?> map ? Optional.of(map) : Optional.empty());
    }

    private static List<?> list(@Nullable Object tree) {
        return tree instanceof List<?> list ? list : List.of();
    }

    private static @Nullable Object at(@Nullable Object tree, String... path) {
        @Nullable Object at = tree;
        for (String name : path) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }

    boolean isEmpty() {
        return wanted.isEmpty();
    }

    /** Empty: the entry goes. */
    Map<Entry, Optional<Condition>> wanted() {
        return wanted;
    }

    /**
     * Entries of another author that our last apply had, as they are: an apply without them would take away those fields
     * that he has not changed.
     */
    Map<Entry, Map<?, ?>> takenOver() {
        return takenOver;
    }

    Map<String, Object> shoot() {
        return shoot;
    }

    Object version() {
        Map<?, ?> metadata = (Map<?, ?>) shoot.getOrDefault("metadata", Map.of());
        Object version = metadata.get("resourceVersion");
        return version == null ? "" : version;
    }

    /** Whether the patch must hold for this version alone, so that it meets no entry that another has written since. */
    boolean needsVersion() {
        return appearsOrGoes || !takenOver.isEmpty();
    }
}
