package io.moongate.adoption.imports;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON lines that are written by one of Envoy's JSON formats, as the operator gives it. */
final class JsonPattern implements LineFormat {
    private final String name;
    private final Map<String, TextFormat> keys = new LinkedHashMap<>();
    private final TimeFormat time;

    private JsonPattern(String name, Map<String, String> format) {
        this.name = name;
        format.forEach((key, value) -> {
            if (value.contains("%")) {
                keys.put(key, TextFormat.of(name, value));
            }
        });
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("none of its values has a command operator such as %START_TIME%");
        }
        time = keys.values().stream()
                .filter(text -> text.logs(Field.START))
                .findFirst()
                .map(TextFormat::time)
                .orElse(TimeFormat.RFC_3339);
    }

    /** Throws, with the reason, if it cannot be read. */
    static JsonPattern of(String name, String format) {
        return new JsonPattern(
                name,
                JsonText.flat(format.strip()).orElseThrow(() -> new IllegalArgumentException("it is no JSON object")));
    }

    boolean logs(Field field) {
        return keys.values().stream().anyMatch(text -> text.logs(field));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Values> read(String line) {
        return JsonText.flat(line).flatMap(this::values);
    }

    private Optional<Values> values(Map<String, String> object) {
        var values = new Values.Builder();
        for (Map.Entry<String, TextFormat> key : keys.entrySet()) {
            String text = object.getOrDefault(key.getKey(), "");
            if (!key.getValue().readInto(values, text) && !text.isEmpty()) {
                return Optional.empty();
            }
        }
        Values built = values.build(time);
        return built.of().isEmpty() ? Optional.empty() : Optional.of(built);
    }
}
