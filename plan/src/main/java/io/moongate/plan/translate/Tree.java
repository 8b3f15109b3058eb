package io.moongate.plan.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds trees of plain values, in the order in which they shall be written. */
public final class Tree {
    private Tree() {}

    /** Keys and values in turn. */
    public static Map<String, Object> map(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    public static List<Object> list(Object... items) {
        return List.of(items);
    }
}
