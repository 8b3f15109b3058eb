package io.moongate.cli.removal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What would become of one object, as {@code /legacy-port/changes} has it.
 *
 * @param what in one line
 * @param before its manifest; empty: it is new
 * @param after empty: it goes
 * @param omitted whether the manifests were left out
 */
record PlannedChange(String what, String before, String after, boolean omitted) {
    static List<PlannedChange> of(Map<?, ?> page) {
        return page.get("changes") instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .map(change -> read((Map<?, ?>) change))
                        .toList()
                : List.of();
    }

    private static PlannedChange read(Map<?, ?> tree) {
        return new PlannedChange(
                text(tree.get("change")),
                text(tree.get("before")),
                text(tree.get("after")),
                Boolean.TRUE.equals(tree.get("omitted")));
    }

    /** {@code Service a/b}. */
    String object() {
        return what.replaceFirst("^\\S+ ", "").replaceFirst(": .*", "");
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("change", what);
        tree.put("before", before);
        tree.put("after", after);
        tree.put("omitted", omitted);
        return tree;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
