package io.moongate.operator.shoots.status;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Declaration.Entry;
import io.moongate.model.condition.Declarations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which entries of a Shoot's status a write concerns: not those of another author, nor those that are absent and stay so. */
final class OwnEntries {
    private final Map<String, Object> shoot;
    private final Map<Entry, Optional<Condition>> wanted = new LinkedHashMap<>();
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
        if (anothers || (found.isEmpty() && condition.isEmpty())) {
            return;
        }
        wanted.put(entry, condition);
        appearsOrGoes |= found.isEmpty() || condition.isEmpty();
    }

    boolean isEmpty() {
        return wanted.isEmpty();
    }

    /** Empty: the entry goes. */
    Map<Entry, Optional<Condition>> wanted() {
        return wanted;
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
        return appearsOrGoes;
    }
}
