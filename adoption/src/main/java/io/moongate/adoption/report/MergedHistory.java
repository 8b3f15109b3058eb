package io.moongate.adoption.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Histories of several moongates as one, hour by hour. In an hour in which one of them did not count, the shoots that it
 * knew before are {@code NotObserved}: neither gone nor moved. Before its first hour it adds nothing.
 */
public final class MergedHistory {
    private MergedHistory() {}

    /** @param histories of each {@code {hour, findings}}, oldest first; so is what is returned */
    public static List<Map<?, ?>> of(List<List<Map<?, ?>>> histories) {
        var merged = new TreeMap<String, Map<String, Long>>();
        histories.forEach(history -> history.forEach(hour -> merged.put(nameOf(hour), new TreeMap<>())));
        for (List<Map<?, ?>> history : histories) {
            var own = new HashMap<String, Map<String, Long>>();
            history.forEach(hour -> own.put(nameOf(hour), counts(hour)));
            Map<String, Long> before = Map.of();
            boolean counting = false;
            for (var entry : merged.entrySet()) {
                String hour = entry.getKey();
                // The last hour has just begun for those who have not counted in it yet.
                boolean toCome = counting && hour.equals(merged.lastKey());
                Map<String, Long> counted = own.getOrDefault(hour, toCome ? before : unobserved(before));
                counted.forEach((finding, shoots) -> entry.getValue().merge(finding, shoots, Long::sum));
                counting = own.containsKey(hour);
                before = counted;
            }
        }
        var all = new ArrayList<Map<?, ?>>();
        merged.forEach((hour, findings) -> all.add(Map.of("hour", hour, "findings", findings)));
        return all;
    }

    private static Map<String, Long> unobserved(Map<String, Long> before) {
        long shoots = before.values().stream().mapToLong(Long::longValue).sum();
        return shoots == 0 ? Map.of() : Map.of(Finding.NotObserved.name(), shoots);
    }

    private static String nameOf(Map<?, ?> hour) {
        return String.valueOf(hour.get("hour"));
    }

    private static Map<String, Long> counts(Map<?, ?> hour) {
        var counts = new TreeMap<String, Long>();
        if (hour.get("findings") instanceof Map<?, ?> findings) {
            findings.forEach((finding, shoots) ->
                    counts.put(String.valueOf(finding), shoots instanceof Number n ? n.longValue() : 0L));
        }
        return counts;
    }
}
