package io.moongate.plan.translate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads objects of a cluster, which anybody may have written: what is not there, or of another type, is empty. */
public final class LiveTree {
    private LiveTree() {}

    public static @Nullable Object at(@Nullable Object tree, String... keys) {
        Object at = tree;
        for (String key : keys) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    /** Both spellings of protobuf's JSON: {@code snake_case} and {@code lowerCamelCase}. */
    public static @Nullable Object field(@Nullable Object tree, String snake) {
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

    public static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    public static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    public static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    public static boolean isNumber(@Nullable Object value, int number) {
        return text(value).equals(Integer.toString(number));
    }

    public static boolean isTrue(@Nullable Object value) {
        return text(value).equals("true");
    }
}
