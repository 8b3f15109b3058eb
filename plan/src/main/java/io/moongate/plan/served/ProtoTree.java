package io.moongate.plan.served;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Protobuf messages as trees: one spelling of their fields, and merged as istiod merges them. */
final class ProtoTree {
    private static final String TYPE = "@type";

    /** Fields that are maps, not messages: what has the same key is replaced, not merged, and keys are no field names. */
    private static final Set<String> MAPS = Set.of("map", "typed_per_filter_config");

    /** Of these a message has one: the last one that is set counts. */
    private static final List<Set<String>> ONE_OF = List.of(
            Set.of("rds", "route_config", "scoped_routes"),
            Set.of("route", "redirect", "direct_response", "filter_action", "non_forwarding_action"),
            Set.of("prefix", "path", "safe_regex", "connect_matcher", "path_separated_prefix", "path_match_policy"),
            Set.of(
                    "cluster",
                    "cluster_header",
                    "weighted_clusters",
                    "cluster_specifier_plugin",
                    "inline_cluster_specifier_plugin"));

    private ProtoTree() {}

    /** A copy that may be changed, with fields in {@code snake_case}. */
    static Map<String, Object> of(@Nullable Object message) {
        return message instanceof Map<?, ?> map ? message(map, false) : new LinkedHashMap<>();
    }

    private static Map<String, Object> message(Map<?, ?> map, boolean keysAreData) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            String name = keysAreData ? String.valueOf(key) : snake(String.valueOf(key));
            copy.put(name, value(value, !keysAreData && MAPS.contains(name)));
        });
        return copy;
    }

    private static Object value(@Nullable Object value, boolean keysAreData) {
        return switch (value) {
            case Map<?, ?> map -> message(map, keysAreData);
            case List<?> list -> {
                var copy = new ArrayList<Object>();
                list.forEach(item -> copy.add(value(item, false)));
                yield copy;
            }
            case null -> "";
            default -> value;
        };
    }

    private static String snake(String field) {
        var text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (Character.isUpperCase(c)) {
                text.append('_');
            }
            text.append(Character.toLowerCase(c));
        }
        // The one field whose digits are a word of their own.
        return text.toString().replace("_http10", "_http_10");
    }

    static String typeOf(@Nullable Object message) {
        return message instanceof Map<?, ?> map && map.get(TYPE) instanceof String type ? type : "";
    }

    /**
     * Lists are appended. A field at its default is not set at all, so it overwrites nothing.
     *
     * @param from becomes part of the other one
     */
    static void merge(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((field, value) -> {
            ONE_OF.stream()
                    .filter(fields -> fields.contains(field))
                    .flatMap(Set::stream)
                    .filter(other -> !other.equals(field))
                    .forEach(into::remove);
            Object before = into.get(field);
            if (before instanceof List<?> && value instanceof List<?> more) {
                listOf(into, field).addAll(more);
            } else if (before instanceof Map<?, ?> && value instanceof Map<?, ?>) {
                mergeMessage(into, field, mapOf(from, field));
            } else if (before == null || !isDefault(value)) {
                into.put(field, value);
            }
        });
    }

    private static void mergeMessage(Map<String, Object> into, String field, Map<String, Object> from) {
        Map<String, Object> message = mapOf(into, field);
        if (message.containsKey(TYPE) || from.containsKey(TYPE)) {
            into.put(field, from);
        } else if (MAPS.contains(field)) {
            message.putAll(from);
        } else {
            merge(message, from);
        }
    }

    private static boolean isDefault(Object value) {
        return value.equals(false) || value.equals("") || value instanceof Number number && number.doubleValue() == 0;
    }

    /** The list of this field, empty where it is not there. */
    static List<Object> listOf(Map<String, Object> message, String field) {
        Object value = message.get(field);
        if (!(value instanceof List<?>)) {
            value = new ArrayList<>();
            message.put(field, value);
        }
        @SuppressWarnings("unchecked") // trees are copied by this class
        var list = (List<Object>) value;
        return list;
    }

    /** The message of this field, empty where it is not there. */
    static Map<String, Object> mapOf(Map<String, Object> message, String field) {
        Object value = message.get(field);
        if (!(value instanceof Map<?, ?>)) {
            value = new LinkedHashMap<>();
            message.put(field, value);
        }
        @SuppressWarnings("unchecked") // trees are copied by this class
        var map = (Map<String, Object>) value;
        return map;
    }

    /** The messages in a list of messages. */
    static List<Map<String, Object>> messages(Map<String, Object> message, String field) {
        var messages = new ArrayList<Map<String, Object>>();
        for (Object item : listOf(message, field)) {
            if (item instanceof Map<?, ?>) {
                @SuppressWarnings("unchecked") // trees are copied by this class
                var map = (Map<String, Object>) item;
                messages.add(map);
            }
        }
        return messages;
    }
}
