package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping read leniently: the fields asked for must have the right type, all others are ignored. A missing or null
 * field is as if it were empty, so that a path can be followed without asking at each step.
 */
public final class Fields {
    private final Value.@Nullable Mapping mapping;
    private final Place place;
    private final String path;

    private Fields(Value.@Nullable Mapping mapping, Place place, String path) {
        this.mapping = mapping;
        this.place = place;
        this.path = path;
    }

    public static Fields of(Value.Mapping mapping) {
        return new Fields(mapping, mapping.place(), "");
    }

    public Place place() {
        return place;
    }

    public boolean has(String name) {
        return get(name).isPresent();
    }

    public Optional<Value> get(String name) {
        Value.Field field = mapping == null ? null : mapping.fields().get(name);
        return field == null || field.value() instanceof Value.Null ? Optional.empty() : Optional.of(field.value());
    }

    public Fields child(String name) throws InputException {
        Optional<Value> value = get(name);
        if (value.isEmpty()) {
            return new Fields(null, place, pathOf(name));
        }
        return asFields(value.get(), pathOf(name));
    }

    public List<Fields> children(String name) throws InputException {
        var all = new ArrayList<Fields>();
        for (Value item : items(name)) {
            all.add(asFields(item, pathOf(name) + "[" + all.size() + "]"));
        }
        return all;
    }

    public List<String> strings(String name) throws InputException {
        var all = new ArrayList<String>();
        for (Value item : items(name)) {
            all.add(text(item, pathOf(name) + "[" + all.size() + "]"));
        }
        return all;
    }

    /** A mapping of names to strings, such as labels. */
    public Map<String, String> stringMap(String name) throws InputException {
        Fields child = child(name);
        var all = new LinkedHashMap<String, String>();
        if (child.mapping != null) {
            for (String key : child.mapping.fields().keySet()) {
                all.put(key, child.string(key).orElse(""));
            }
        }
        return all;
    }

    public Optional<String> string(String name) throws InputException {
        Optional<Value> value = get(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(text(value.get(), pathOf(name)));
    }

    public String required(String name) throws InputException {
        Optional<String> value = string(name).filter(s -> !s.isEmpty());
        if (value.isEmpty()) {
            throw new InputException(Problem.Code.MISSING_FIELD, place, pathOf(name) + " is missing", "add it");
        }
        return value.get();
    }

    public Optional<Boolean> bool(String name) throws InputException {
        Optional<Value.Scalar> value = scalar(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Boolean> parsed = KubectlScalars.bool(value.get());
        if (parsed.isEmpty()) {
            throw wrong(value.get(), pathOf(name), "true or false");
        }
        return parsed;
    }

    public Optional<Integer> integer(String name) throws InputException {
        Optional<Value.Scalar> value = scalar(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Integer> parsed = KubectlScalars.integer(value.get());
        if (parsed.isEmpty()) {
            throw wrong(value.get(), pathOf(name), "a whole number");
        }
        return parsed;
    }

    private Optional<Value.Scalar> scalar(String name) throws InputException {
        Optional<Value> value = get(name);
        if (value.isPresent() && !(value.get() instanceof Value.Scalar)) {
            throw wrong(value.get(), pathOf(name), "a single value");
        }
        return value.map(Value.Scalar.class::cast);
    }

    private List<Value> items(String name) throws InputException {
        Optional<Value> value = get(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Value.Sequence sequence) {
            return sequence.items();
        }
        throw wrong(value.get(), pathOf(name), "a list");
    }

    private static Fields asFields(Value value, String path) throws InputException {
        if (value instanceof Value.Mapping mapping) {
            return new Fields(mapping, mapping.place(), path);
        }
        throw wrong(value, path, "a mapping");
    }

    private static String text(Value value, String path) throws InputException {
        if (value instanceof Value.Scalar scalar) {
            return scalar.text();
        }
        throw wrong(value, path, "a single value");
    }

    private static InputException wrong(Value value, String path, String wanted) {
        return new InputException(Problem.Code.INVALID_VALUE, value.place(), path + " is not " + wanted, "correct it");
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
