package io.moongate.manifest.read;

import io.moongate.manifest.yaml.InputException;
import io.moongate.manifest.yaml.Limit;
import io.moongate.manifest.yaml.Value;
import io.moongate.manifest.yaml.YamlDocuments;
import io.moongate.manifest.yaml.YamlParser;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Parameter;
import io.moongate.model.config.Port;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Nearest;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration strictly, by the {@link Parameter} declarations on its records: unknown keys, wrong types and
 * numbers out of range are errors with their place, and all of them are reported at once.
 */
public final class ConfigurationReader {
    private static final Place DEFAULTS = new Place("defaults", 1, 1);
    /** A default is a value, or a short list. */
    private static final Limit VALUES = new Limit(1000, "");

    private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");

    private final BoundedProblems problems;
    private int found;

    private ConfigurationReader(Place place) {
        problems = BoundedProblems.ofObject(place);
    }

    public static MoongateConfiguration read(Value.Mapping document) throws InputException {
        var keys = new LinkedHashMap<>(document.fields());
        keys.keySet().removeAll(ENVELOPE);
        var reader = new ConfigurationReader(document.place());
        Object result = reader.record(
                MoongateConfiguration.class, new Value.Mapping(document.place(), keys), "", OptionalInt.empty());
        if (result == null || reader.found > 0) {
            throw new InputException(reader.problems.list());
        }
        return (MoongateConfiguration) result;
    }

    /** What is in force where nothing is written. */
    public static MoongateConfiguration defaults() {
        try {
            return read(new Value.Mapping(DEFAULTS, Map.of()));
        } catch (InputException e) {
            throw new IllegalStateException("the declared defaults are not valid", e);
        }
    }

    private @Nullable Object record(Class<?> type, Value.Mapping mapping, String path, OptionalInt portDefault) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        mapping.fields().forEach((name, field) -> {
            if (!known.contains(name)) {
                String nearest = Nearest.to(name, known)
                        .map(n -> "; did you mean '" + n + "'?")
                        .orElse("");
                problem(
                        Problem.Code.UNKNOWN_FIELD,
                        field.key(),
                        "unknown field '" + join(path, name) + "'" + nearest,
                        "known here are " + String.join(", ", known));
            }
        });
        var arguments = new Object[components.length];
        int before = found;
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(components[i], mapping, join(path, components[i].getName()), portDefault);
        }
        return found > before ? null : construct(type, arguments, mapping.place(), path);
    }

    private @Nullable Object component(
            RecordComponent component, Value.Mapping parent, String path, OptionalInt portDefault) {
        Parameter parameter = component.getAnnotation(Parameter.class);
        Value.@Nullable Field written = parent.fields().get(component.getName());
        if (written != null && !(written.value() instanceof Value.Null)) {
            return value(component, parameter, written.value(), path);
        }
        if (parameter.required()) {
            problem(Problem.Code.MISSING_FIELD, parent.place(), path + " is missing", "add it");
            return null;
        }
        if (portDefault.isPresent() && component.getName().equals("port")) {
            return portDefault.getAsInt();
        }
        return value(component, parameter, byDefault(component, parameter), path);
    }

    private static Value byDefault(RecordComponent component, Parameter parameter) {
        if (component.getType().isRecord() && parameter.value().isEmpty()) {
            return new Value.Mapping(DEFAULTS, Map.of());
        }
        try {
            return YamlParser.parse("defaults", new YamlDocuments.Document(parameter.value(), 0), VALUES)
                    .orElseThrow();
        } catch (InputException e) {
            throw new IllegalStateException("the default of " + component + " is not valid", e);
        }
    }

    private @Nullable Object value(RecordComponent component, Parameter parameter, Value value, String path) {
        OptionalInt portDefault = Optional.ofNullable(component.getAnnotation(Port.class))
                .map(p -> OptionalInt.of(p.value()))
                .orElse(OptionalInt.empty());
        Object converted = convert(component.getGenericType(), value, path, portDefault);
        if (converted != null) {
            Scalars.outOfRange(converted, parameter.min(), parameter.max())
                    .ifPresent(why ->
                            problem(Problem.Code.INVALID_VALUE, value.place(), path + " is " + why, "correct it"));
        }
        return converted;
    }

    private @Nullable Object convert(Type type, Value value, String path, OptionalInt portDefault) {
        if (type instanceof ParameterizedType list) {
            return list(list.getActualTypeArguments()[0], value, path);
        }
        Class<?> wanted = (Class<?>) type;
        if (Scalars.knows(wanted)) {
            return scalar(wanted, value, path);
        }
        if (wanted.equals(io.moongate.model.feature.FeatureGates.class)) {
            return gates(value, path);
        }
        if (value instanceof Value.Mapping mapping) {
            return record(wanted, mapping, path, portDefault);
        }
        problem(Problem.Code.INVALID_VALUE, value.place(), path + " is not a mapping", "correct it");
        return null;
    }

    private @Nullable Object list(Type item, Value value, String path) {
        if (!(value instanceof Value.Sequence sequence)) {
            problem(Problem.Code.INVALID_VALUE, value.place(), path + " is not a list", "correct it");
            return null;
        }
        var items = new ArrayList<Object>();
        for (Value each : sequence.items()) {
            Object converted = convert(item, each, path + "[" + items.size() + "]", OptionalInt.empty());
            if (converted == null) {
                return null;
            }
            items.add(converted);
        }
        return items;
    }

    private @Nullable Object scalar(Class<?> type, Value value, String path) {
        if (!(value instanceof Value.Scalar scalar)) {
            problem(Problem.Code.INVALID_VALUE, value.place(), path + " is not a single value", "correct it");
            return null;
        }
        try {
            return Scalars.parse(type, scalar.text());
        } catch (IllegalArgumentException e) {
            problem(Problem.Code.INVALID_VALUE, value.place(), path + ": " + e.getMessage(), "correct it");
            return null;
        }
    }

    private @Nullable Object gates(Value value, String path) {
        if (!(value instanceof Value.Mapping mapping)) {
            problem(Problem.Code.INVALID_VALUE, value.place(), path + " is not a mapping", "write it as {Name: true}");
            return null;
        }
        var gates = new LinkedHashMap<String, Boolean>();
        for (var entry : mapping.fields().entrySet()) {
            Object on = scalar(Boolean.class, entry.getValue().value(), join(path, entry.getKey()));
            if (on != null) {
                gates.put(entry.getKey(), (Boolean) on);
            }
        }
        return construct(io.moongate.model.feature.FeatureGates.class, new Object[] {gates}, value.place(), path);
    }

    private @Nullable Object construct(Class<?> type, @Nullable Object[] arguments, Place place, String path) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            // A constructor's check: its message says what is wrong.
            String what = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
            problem(Problem.Code.INVALID_VALUE, place, path.isEmpty() ? what : path + ": " + what, "correct it");
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be constructed", e);
        }
    }

    private void problem(Problem.Code code, Place place, String message, String remedy) {
        found++;
        problems.add(Problem.at(code, place, message, remedy));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
