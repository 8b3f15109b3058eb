package io.moongate.cli.removal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the legacy port of a running moongate stands, as its page {@code /legacy-port} has it. */
record Standing(Map<?, ?> tree) {
    /** One shoot that is spoken of. */
    record Row(Map<?, ?> tree) {
        String text(String key) {
            return tree.get(key) == null ? "" : String.valueOf(tree.get(key));
        }

        long up() {
            return tree.get("legacy") instanceof Map<?, ?> use && use.get("up") instanceof Number n ? n.longValue() : 0;
        }

        String lastSeen() {
            return tree.get("legacy") instanceof Map<?, ?> use && use.get("lastSeen") != null
                    ? String.valueOf(use.get("lastSeen"))
                    : "never seen";
        }

        /** Owner, reason and expiry, where it is exempted. */
        Optional<String> exemption() {
            return tree.get("exemption") instanceof Map<?, ?> e
                    ? Optional.of(e.get("owner") + " until " + e.get("expires") + ": " + e.get("reason"))
                    : Optional.empty();
        }
    }

    String port() {
        return text("port");
    }

    boolean isOpen() {
        return port().equals("Open");
    }

    boolean removable() {
        return Boolean.TRUE.equals(tree.get("removable"));
    }

    /** Whether Envoys serve the port, too. */
    boolean envoys() {
        return Boolean.TRUE.equals(tree.get("envoys"));
    }

    String summary() {
        return text("summary");
    }

    long tunnels() {
        return number("tunnels");
    }

    long number(String key) {
        return tree.get(key) instanceof Number n ? n.longValue() : 0;
    }

    Optional<String> rollbackUntil() {
        return Optional.ofNullable(tree.get("rollbackUntil")).map(Object::toString);
    }

    /** Time and name of the decision that made it so. */
    Optional<String> since() {
        return tree.get("since") instanceof Map<?, ?> decision
                ? Optional.of(decision.get("at") + " by " + decision.get("who"))
                : Optional.empty();
    }

    List<String> listening() {
        return tree.get("listening") instanceof List<?> all
                ? all.stream().map(Object::toString).toList()
                : List.of();
    }

    List<Row> rows(String key) {
        return tree.get(key) instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .map(row -> new Row((Map<?, ?>) row))
                        .toList()
                : List.of();
    }

    /** Shoots whose tunnels would end, with their number. */
    Map<String, Object> ends() {
        var ends = new LinkedHashMap<String, Object>();
        Stream.of("exempted", "blockers", "notes")
                .flatMap(key -> rows(key).stream())
                .filter(row -> row.up() > 0)
                .forEach(row -> ends.put(row.text("shoot"), row.up()));
        return ends;
    }

    private String text(String key) {
        @Nullable Object value = tree.get(key);
        return value == null ? "" : String.valueOf(value);
    }
}
