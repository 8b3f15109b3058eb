package io.moongate.plan.served;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads trees that anybody may have written: what is not there, or of another type, is empty. */
final class Tree {
    private Tree() {}

    static @Nullable Object at(@Nullable Object tree, String... keys) {
        Object at = tree;
        for (String key : keys) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    /** Both spellings of protobuf's JSON: {@code snake_case} and {@code lowerCamelCase}. */
    static @Nullable Object field(@Nullable Object tree, String snake) {
        Object value = at(tree, snake);
        return value == null ? at(tree, camel(snake)) : value;
    }

    private static String camel(String snake) {
        var text = new StringBuilder();
        for (int i = 0; i < snake.length(); i++) {
            char c = snake.charAt(i);
            if (c == '_' && i + 1 < snake.length()) {
                i++;
                text.append(Character.toUpperCase(snake.charAt(i)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static boolean isNumber(@Nullable Object value, int number) {
        return text(value).equals(Integer.toString(number));
    }

    static boolean isTrue(@Nullable Object value) {
        return text(value).equals("true");
    }
}
