package io.moongate.adoption.evidence;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** History as maps: what {@code /adoption/history} and {@code /adoption/days/} answer. */
public final class HistoryTree {
    private HistoryTree() {}

    /** {@code {hour, findings}}. */
    public static Map<String, Object> of(History.Counted counted) {
        var findings = new LinkedHashMap<String, Object>();
        new TreeMap<>(counted.shoots()).forEach((finding, shoots) -> findings.put(finding.name(), shoots));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("hour", counted.hour().toString());
        tree.put("findings", findings);
        return tree;
    }

    /** {@code {day, entrance, setUps, bytesIn, bytesOut}}. */
    public static Map<String, Object> of(History.Day day) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("day", day.day().toString());
        tree.put("entrance", day.entrance().name());
        tree.put("setUps", day.setUps());
        tree.put("bytesIn", day.bytesIn());
        tree.put("bytesOut", day.bytesOut());
        return tree;
    }
}
