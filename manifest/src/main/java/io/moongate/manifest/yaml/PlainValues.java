package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees of plain maps, lists and scalars, as an API server gives them, to values; all of them stand at one place. */
public final class PlainValues {
    private PlainValues() {}

    /** What is nested deeper than a manifest may be is left out: none of it is ever read. */
    public static Value of(Object tree, Place place) {
        return of(tree, place, 0);
    }

    private static Value of(@Nullable Object tree, Place place, int depth) {
        return switch (tree) {
            case null -> new Value.Null(place);
            case Map<?, ?> map
            when depth < YamlParser.MAX_DEPTH -> {
                var fields = new LinkedHashMap<String, Value.Field>();
                map.forEach((key, value) ->
                        fields.put(String.valueOf(key), new Value.Field(place, of(value, place, depth + 1))));
                yield new Value.Mapping(place, fields);
            }
            case List<?> list
            when depth < YamlParser.MAX_DEPTH ->
                new Value.Sequence(
                        place,
                        list.stream().map(item -> of(item, place, depth + 1)).toList());
            case Map<?, ?> deep -> new Value.Null(place);
            case List<?> deep -> new Value.Null(place);
            default -> new Value.Scalar(place, String.valueOf(tree), !(tree instanceof String));
        };
    }
}
