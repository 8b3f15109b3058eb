package io.moongate.cli.removal;

import io.moongate.adoption.report.MergedReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the legacy port of a running moongate stands, as its page {@code /legacy-port} has it. */
record Standing(Map<?, ?> tree) {
    /** Owner, reason and expiry, where a shoot is exempted. */
    static Optional<String> exemption(MergedReport.Row row) {
        return row.tree().get("exemption") instanceof Map<?, ?> e
                ? Optional.of(e.get("owner") + " until " + e.get("expires") + ": " + e.get("reason"))
                : Optional.empty();
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

    /** Whether somebody still needs it. */
    boolean isNeeded() {
        return isOpen() && !removable();
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

    /** What a removal would change elsewhere. */
    List<String> changes() {
        return tree.get("changes") instanceof List<?> all
                ? all.stream().map(Object::toString).toList()
                : List.of();
    }

    /** The shoots under this key. */
    List<MergedReport.Row> rows(String key) {
        return maps(key).stream().<MergedReport.Row>map(MergedReport.Told::new).toList();
    }

    /** Exemptions that no longer count. */
    List<Map<?, ?>> expired() {
        return maps("expired");
    }

    /** For each seed with a gardenlet, whether it would start without the legacy port. */
    List<Map<?, ?>> gardenlets() {
        return maps("gardenlets");
    }

    private List<Map<?, ?>> maps(String key) {
        return tree.get(key) instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(item -> (Map<?, ?>) item)
                        .toList()
                : List.of();
    }

    /** Shoots whose tunnels would end, with their number. */
    Map<String, Object> ends() {
        var ends = new LinkedHashMap<String, Object>();
        Stream.of("exempted", "blockers", "notes")
                .flatMap(key -> rows(key).stream())
                .filter(row -> row.up("legacy") > 0)
                .forEach(row -> ends.put(row.shoot(), (long) row.up("legacy")));
        return ends;
    }

    private String text(String key) {
        @Nullable Object value = tree.get(key);
        return value == null ? "" : String.valueOf(value);
    }
}
