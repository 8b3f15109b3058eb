package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.Value;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Reason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who wrote an entry of a Shoot's status. {@code managedFields} know it where the API server merges the list by type.
 * Where the list has one manager as a whole, the last one, the entry's reason decides. Metadata that has another form
 * than Kubernetes' says nothing and costs nothing.
 */
final class EntryAuthors {
    /** The reason that gardenlet writes. */
    static final String GARDENLETS_REASON = "ShootUsesUnifiedHTTPProxyPort";

    private static final String MOONGATE = "moongate";
    private static final String GARDENLET = "gardenlet";
    private static final Set<String> OUR_REASONS =
            Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.toUnmodifiableSet());

    private final Optional<Value> managedFields;

    EntryAuthors(Fields metadata) {
        this.managedFields = metadata.get("managedFields");
    }

    Author of(Declaration.Entry entry, String reason) {
        String key = "k:{\"type\":\"" + entry.type() + "\"}";
        // Whoever has written its status or its reason, not a person who has corrected one of its times. Both: a field
        // that
        // another writes as it is stays its first manager's, and gardenlet declares what Moongate has seen before.
        Set<String> managers = managers(entry, key, "f:status");
        managers.addAll(managers(entry, key, "f:reason"));
        if (managers.isEmpty()) {
            managers = managers(entry, key);
        }
        if (!managers.isEmpty()) {
            return of(managers);
        }
        if (reason.equals(GARDENLETS_REASON)) {
            return Author.GARDENLET;
        }
        if (OUR_REASONS.contains(reason)) {
            return Author.MOONGATE;
        }
        Set<String> ofTheList = managers(entry);
        return ofTheList.isEmpty() ? Author.OTHER : of(ofTheList);
    }

    /** An entry that Moongate shares with another is the other's. */
    private static Author of(Set<String> managers) {
        if (managers.stream().allMatch(MOONGATE::equals)) {
            return Author.MOONGATE;
        }
        boolean gardenlets = managers.stream().anyMatch(m -> m.startsWith(GARDENLET));
        return gardenlets ? Author.GARDENLET : Author.OTHER;
    }

    /** @param below the list; nothing: of the list as a whole */
    private Set<String> managers(Declaration.Entry entry, String... below) {
        var managers = new HashSet<String>();
        if (managedFields.isPresent() && managedFields.get() instanceof Value.Sequence all) {
            for (Value item : all.items()) {
                Optional<Value> list = at(item, "fieldsV1", "f:status", "f:" + entry.list());
                Optional<Value> found =
                        below.length == 0 ? list.filter(EntryAuthors::isAtomic) : list.flatMap(l -> at(l, below));
                if (found.isPresent() && at(item, "manager").orElse(null) instanceof Value.Scalar manager) {
                    managers.add(manager.text());
                }
            }
        }
        return managers;
    }

    /** Managers of single entries say nothing about the list. */
    private static boolean isAtomic(Value list) {
        return list instanceof Value.Mapping(var place, var fields)
                && fields.keySet().stream().noneMatch(name -> name.startsWith("k:"));
    }

    private static Optional<Value> at(Value value, String... path) {
        Value at = value;
        for (String name : path) {
            Value.Field field =
                    at instanceof Value.Mapping mapping ? mapping.fields().get(name) : null;
            if (field == null) {
                return Optional.empty();
            }
            at = field.value();
        }
        return Optional.of(at);
    }
}
