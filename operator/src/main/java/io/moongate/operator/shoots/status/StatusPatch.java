package io.moongate.operator.shoots.status;

import io.moongate.manifest.write.Trees;
import io.moongate.model.condition.Condition;
import io.moongate.model.landscape.ShootKey;
import io.moongate.operator.apply.ServerSideApply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of our two entries in a Shoot's status, in the three languages that API servers know.
 *
 * @param contentType says which language
 * @param query of the request, with its question mark; or nothing
 */
record StatusPatch(String contentType, String query, String body) {
    static final String API_VERSION = "core.gardener.cloud/v1beta1";

    /** So that the API server names Moongate as the author. */
    private static final String AUTHOR = "?fieldManager=" + ServerSideApply.FIELD_MANAGER;

    /** Server-side apply: what is not in it any more, and was ours, goes. */
    static StatusPatch apply(ShootKey shoot, OwnEntries entries) {
        var status = new LinkedHashMap<String, Object>();
        entries.wanted()
                .forEach((entry, condition) ->
                        condition.ifPresent(c -> status.put(entry.list(), List.of(entry(entry.type(), c)))));
        entries.takenOver().forEach((entry, live) -> status.put(entry.list(), List.of(live)));
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", shoot.name());
        metadata.put("namespace", shoot.namespace());
        if (entries.needsVersion()) {
            metadata.put("resourceVersion", entries.version());
        }
        Map<String, Object> object =
                Map.of("apiVersion", API_VERSION, "kind", "Shoot", "metadata", metadata, "status", status);
        return new StatusPatch("application/apply-patch+yaml", AUTHOR + "&force=true", Trees.json(object));
    }

    /** Strategic merge: each entry is found by its type. */
    static StatusPatch merge(OwnEntries entries) {
        var status = new LinkedHashMap<String, Object>();
        entries.wanted()
                .forEach((entry, condition) -> status.put(entry.list(), List.of(element(entry.type(), condition))));
        var body = new LinkedHashMap<String, Object>();
        if (entries.needsVersion()) {
            body.put("metadata", Map.of("resourceVersion", entries.version()));
        }
        body.put("status", status);
        return new StatusPatch("application/strategic-merge-patch+json", AUTHOR, Trees.json(body));
    }

    private static Map<String, Object> element(String type, Optional<Condition> condition) {
        return condition.map(c -> entry(type, c)).orElseGet(() -> Map.of("$patch", "delete", "type", type));
    }

    /** JSON patch of single places: refused by the API server when the Shoot is not any more as it was read. */
    static StatusPatch places(OwnEntries entries) {
        Map<String, Object> shoot = entries.shoot();
        var operations = new ArrayList<Map<String, Object>>();
        operations.add(operation("test", "/metadata/resourceVersion", entries.version()));
        if (!(shoot.get("status") instanceof Map<?, ?>)) {
            operations.add(operation("add", "/status", Map.of()));
        }
        Map<?, ?> status = shoot.get("status") instanceof Map<?, ?> map ? map : Map.of();
        entries.wanted()
                .forEach((entry, condition) -> place(operations, status, entry.list(), entry.type(), condition));
        return new StatusPatch("application/json-patch+json", AUTHOR, Trees.json(operations));
    }

    private static void place(
            List<Map<String, Object>> operations,
            Map<?, ?> status,
            String list,
            String type,
            Optional<Condition> condition) {
        List<?> entries = status.get(list) instanceof List<?> there ? there : List.of();
        String path = "/status/" + list;
        int index = 0;
        while (index < entries.size() && !(entries.get(index) instanceof Map<?, ?> e && type.equals(e.get("type")))) {
            index++;
        }
        if (index < entries.size()) {
            String place = path + "/" + index;
            operations.add(operation("test", place + "/type", type));
            operations.add(condition
                    .map(c -> operation("replace", place, entry(type, c)))
                    .orElseGet(() -> Map.of("op", "remove", "path", place)));
        } else if (condition.isPresent()) {
            Map<String, Object> entry = entry(type, condition.get());
            boolean isList = status.get(list) instanceof List<?>;
            operations.add(isList ? operation("add", path + "/-", entry) : operation("add", path, List.of(entry)));
        }
    }

    private static Map<String, Object> operation(String op, String path, @Nullable Object value) {
        var operation = new LinkedHashMap<String, Object>();
        operation.put("op", op);
        operation.put("path", path);
        operation.put("value", value);
        return operation;
    }

    private static Map<String, Object> entry(String type, Condition condition) {
        return Map.of(
                "type", type,
                "status", condition.status().name(),
                "reason", condition.reason().name(),
                "message", condition.message(),
                "lastTransitionTime", condition.lastTransitionTime().toString(),
                "lastUpdateTime", condition.lastUpdateTime().toString());
    }
}
