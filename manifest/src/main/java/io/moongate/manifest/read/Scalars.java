package io.moongate.manifest.read;

import io.moongate.model.config.TunnelLimit;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The single values that a configuration can hold, from and to text. */
final class Scalars {
    private static final Set<Class<?>> KNOWN = Set.of(
            String.class,
            int.class,
            Boolean.class,
            Duration.class,
            Instant.class,
            TunnelLimit.class,
            Cidr.class,
            ShootKey.class);

    private Scalars() {}

    static boolean knows(Class<?> type) {
        return type.isEnum() || KNOWN.contains(type);
    }

    /** Throws IllegalArgumentException with the reason if {@code text} is none. */
    static Object parse(Class<?> type, String text) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(c -> c.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not one of " + names(type)));
        }
        return switch (type.getSimpleName()) {
            case "int" -> integer(text);
            case "Boolean" -> bool(text);
            case "Duration" -> Durations.parse(text);
            case "Instant" -> instant(text);
            case "TunnelLimit" -> TunnelLimit.parse(text);
            case "Cidr" -> Cidr.parse(text);
            case "ShootKey" -> ShootKey.parse(text);
            default -> text;
        };
    }

    static Object toPlain(Object value) {
        return switch (value) {
            case Integer number -> number;
            case Boolean bool -> bool;
            case Duration duration -> Durations.format(duration);
            case TunnelLimit.Fixed fixed -> fixed.tunnels();
            default -> value.toString();
        };
    }

    static Optional<String> outOfRange(Object value, long min, long max) {
        Long number = switch (value) {
            case Integer i -> Long.valueOf(i);
            case Duration d -> Long.valueOf(d.toSeconds());
            default -> null;
        };
        if (number == null || (number >= min && number <= max)) {
            return Optional.empty();
        }
        String unit = value instanceof Duration ? "s" : "";
        return Optional.of(number < min ? "less than " + min + unit : "more than " + max + unit);
    }

    static String names(Class<?> enumType) {
        return Arrays.stream(enumType.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
    }

    private static Object integer(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number");
        }
        return Integer.valueOf(text);
    }

    private static Object instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of the form 2026-12-31T00:00:00Z", e);
        }
    }

    private static Object bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        }
        return text.equals("true");
    }
}
