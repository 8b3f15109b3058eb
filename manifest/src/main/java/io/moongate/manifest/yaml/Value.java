package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import java.util.List;
import java.util.Map;

/** A piece of YAML or JSON that knows where it stood. */
public sealed interface Value {
    Place place();

    record Mapping(Place place, Map<String, Field> fields) implements Value {}

    record Sequence(Place place, List<Value> items) implements Value {}

    /** {@code plain}: written without quotes, so that {@code true} means a boolean and {@code 8443} a number. */
    record Scalar(Place place, String text, boolean plain) implements Value {}

    record Null(Place place) implements Value {}

    /** A value under its key. */
    record Field(Place key, Value value) {}
}
