package io.moongate.plan.served;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What istiod does to an ordered list, of filters or of routes. */
final class Inserted {
    private Inserted() {}

    /**
     * @param matches the items that the patch selects
     * @param selects whether it selects by anything at all; without that an insertion is at the beginning or the end
     * @param filters of a list of filters, what selects nothing changes nothing
     * @return whether the operation is known
     */
    static boolean into(List<Object> list, Patch patch, Predicate<Object> matches, boolean selects, boolean filters) {
        Map<String, Object> value = patch.message();
        Optional<Integer> first = IntStream.range(0, list.size())
                .filter(index -> matches.test(list.get(index)))
                .boxed()
                .findFirst();
        switch (patch.operation()) {
            case "ADD" -> list.add(value);
            case "INSERT_FIRST" -> {
                // A filter comes first whatever it selects; a route only beside one that is there.
                if (filters || !selects || first.isPresent()) {
                    list.addFirst(value);
                }
            }
            case "INSERT_BEFORE" -> (selects ? first : Optional.of(0)).ifPresent(at -> list.add(at, value));
            case "INSERT_AFTER" ->
                (selects ? first.map(at -> at + 1) : Optional.of(list.size())).ifPresent(at -> list.add(at, value));
            case "REPLACE" -> {
                if (selects) {
                    first.ifPresent(at -> list.set(at, value));
                }
            }
            case "REMOVE" -> {
                if (selects || !filters) {
                    list.removeIf(matches);
                }
            }
            case "MERGE" -> {
                if (selects || !filters) {
                    merge(list, patch, matches, filters);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void merge(List<Object> list, Patch patch, Predicate<Object> matches, boolean filters) {
        for (int at = 0; at < list.size(); at++) {
            if (matches.test(list.get(at))) {
                list.set(at, merged(ProtoTree.of(list.get(at)), patch.message(), filters));
            }
        }
    }

    private static Map<String, Object> merged(Map<String, Object> item, Map<String, Object> value, boolean filters) {
        if (filters) {
            // Of a filter istiod merges what is in the typed configuration.
            ProtoTree.merge(ProtoTree.mapOf(item, "typed_config"), ProtoTree.mapOf(value, "typed_config"));
        } else {
            ProtoTree.merge(item, value);
        }
        return item;
    }
}
