package io.moongate.operator.shoots.status;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an API server joins what several writers say in {@code status.conditions} of a Shoot. It decides which patch
 * changes one entry and leaves the others alone.
 */
enum StatusLists {
    /** A map by {@code type} for server-side apply: each writer owns his entry. Our own definitions say so. */
    MAP_BY_TYPE,
    /** A strategic merge patch finds an entry by its {@code type}; apply would replace the list. Gardener's API server. */
    MERGE_KEY,
    /** Nothing: a list is replaced as a whole, but for single places of it. */
    ATOMIC;

    private static final String REF = "$ref";

    /**
     * By what the API server itself publishes.
     *
     * @param openApi its OpenAPI v3 document of the group's version; one that knows no Shoot gives {@link #ATOMIC},
     *     which is safe everywhere
     */
    static StatusLists of(Map<String, Object> openApi) {
        Map<String, Object> schemas = map(map(openApi.get("components")).get("schemas"));
        return schemas.values().stream()
                .map(StatusLists::map)
                .filter(StatusLists::isShoot)
                .findFirst()
                .map(shoot -> property(schemas, property(schemas, shoot, "status"), "conditions"))
                .map(StatusLists::ofList)
                .orElse(ATOMIC);
    }

    private static StatusLists ofList(Map<String, Object> conditions) {
        boolean byType = List.of("type").equals(conditions.get("x-kubernetes-list-map-keys"));
        if (byType && "map".equals(conditions.get("x-kubernetes-list-type"))) {
            return MAP_BY_TYPE;
        }
        boolean merged =
                String.valueOf(conditions.get("x-kubernetes-patch-strategy")).contains("merge");
        return merged && "type".equals(conditions.get("x-kubernetes-patch-merge-key")) ? MERGE_KEY : ATOMIC;
    }

    private static boolean isShoot(Map<String, Object> schema) {
        return schema.get("x-kubernetes-group-version-kind") instanceof List<?> kinds
                && kinds.stream().anyMatch(kind -> "Shoot".equals(map(kind).get("kind")));
    }

    /** Marks stand beside a reference, or beside {@code allOf} with a reference in it: both are followed. */
    private static Map<String, Object> property(Map<String, Object> schemas, Map<String, Object> of, String name) {
        return map(map(resolved(schemas, of).get("properties")).get(name));
    }

    private static Map<String, Object> resolved(Map<String, Object> schemas, Map<String, Object> schema) {
        Object first = schema.get("allOf") instanceof List<?> all && !all.isEmpty() ? all.getFirst() : schema;
        return Optional.ofNullable(map(first).get(REF))
                .map(ref -> String.valueOf(ref))
                .map(ref -> map(schemas.get(ref.substring(ref.lastIndexOf('/') + 1))))
                .orElse(schema);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
