package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees of plain maps, lists and scalars, as an API server gives them, to values; all of them stand at one place. */
public final class PlainValues {
    private PlainValues() {}

    public static Value of(Object tree, Place place) {
        return switch (tree) {
            case null -> new Value.Null(place);
            case Map<?, ?> map -> {
                var fields = new LinkedHashMap<String, Value.Field>();
                map.forEach((key, value) -> fields.put(String.valueOf(key), new Value.Field(place, of(value, place))));
                yield new Value.Mapping(place, fields);
            }
            case List<?> list ->
                new Value.Sequence(
                        place, list.stream().map(item -> of(item, place)).toList());
            default -> new Value.Scalar(place, String.valueOf(tree), !(tree instanceof String));
        };
    }
}
