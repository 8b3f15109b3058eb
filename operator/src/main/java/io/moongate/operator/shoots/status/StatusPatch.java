package io.moongate.operator.shoots.status;

import io.moongate.manifest.write.Trees;
import io.moongate.model.condition.Adoption;
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

    /** Server-side apply: what is not in it any more, and was ours, goes. */
    static StatusPatch apply(ShootKey shoot, Adoption adoption) {
        var status = new LinkedHashMap<String, Object>();
        adoption.condition().ifPresent(c -> status.put("conditions", List.of(entry(Condition.TYPE, c))));
        adoption.constraint().ifPresent(c -> status.put("constraints", List.of(entry(Condition.CONSTRAINT, c))));
        Map<String, Object> object = Map.of(
                "apiVersion",
                API_VERSION,
                "kind",
                "Shoot",
                "metadata",
                Map.of("name", shoot.name(), "namespace", shoot.namespace()),
                "status",
                status);
        return new StatusPatch(
                "application/apply-patch+yaml",
                "?fieldManager=" + ServerSideApply.FIELD_MANAGER + "&force=true",
                Trees.json(object));
    }

    /** Strategic merge: each entry is found by its type. */
    static StatusPatch merge(Adoption adoption) {
        Map<String, Object> status = Map.of(
                "conditions",
                List.of(element(Condition.TYPE, adoption.condition())),
                "constraints",
                List.of(element(Condition.CONSTRAINT, adoption.constraint())));
        return new StatusPatch("application/strategic-merge-patch+json", "", Trees.json(Map.of("status", status)));
    }

    private static Map<String, Object> element(String type, Optional<Condition> condition) {
        return condition.map(c -> entry(type, c)).orElseGet(() -> Map.of("$patch", "delete", "type", type));
    }

    /**
     * JSON patch of single places: refused by the API server when the Shoot is not any more as it was read.
     *
     * @param shoot as it was read
     */
    static StatusPatch places(Map<String, Object> shoot, Adoption adoption) {
        Map<?, ?> meta = (Map<?, ?>) shoot.getOrDefault("metadata", Map.of());
        var operations = new ArrayList<Map<String, Object>>();
        operations.add(operation("test", "/metadata/resourceVersion", meta.get("resourceVersion")));
        if (!(shoot.get("status") instanceof Map<?, ?>)) {
            operations.add(operation("add", "/status", Map.of()));
        }
        Map<?, ?> status = shoot.get("status") instanceof Map<?, ?> map ? map : Map.of();
        place(operations, status, "conditions", Condition.TYPE, adoption.condition());
        place(operations, status, "constraints", Condition.CONSTRAINT, adoption.constraint());
        return new StatusPatch("application/json-patch+json", "", Trees.json(operations));
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
