package io.moongate.adoption.imports;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object in a line. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();
    /** What Envoy writes is flat; two levels are what log collectors put around it. */
    private static final int DEEPEST = 8;

    private JsonText() {}

    /**
     * Its values as text by their keys, {@code outer.inner} for nested ones; nulls are empty, arrays are left out. Of a
     * key that comes twice the first counts. Empty if the line is no object.
     */
    static Optional<Map<String, String>> flat(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            if (!read(parser, values) || parser.nextToken() != null) {
                return Optional.empty();
            }
            return Optional.of(values);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** From behind an object's begin to its end. */
    private static boolean read(JsonParser parser, Map<String, String> values) {
        Deque<String> path = new ArrayDeque<>();
        String prefix = "";
        String key = "";
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return false;
            }
            switch (token) {
                case PROPERTY_NAME -> key = prefix + parser.currentName();
                case START_ARRAY -> parser.skipChildren();
                case START_OBJECT -> {
                    if (path.size() >= DEEPEST) {
                        return false;
                    }
                    path.push(prefix);
                    prefix = key + ".";
                }
                case END_OBJECT -> {
                    if (path.isEmpty()) {
                        return true;
                    }
                    prefix = path.pop();
                }
                case VALUE_NULL -> values.putIfAbsent(key, "");
                default -> values.putIfAbsent(key, parser.getString());
            }
        }
    }
}
