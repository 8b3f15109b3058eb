package io.moongate.adoption.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reports of several moongates as one, in the form in which they are told to others ({@link AdoptionTree}): that of a
 * newer moongate can be read, too.
 *
 * @param from the begin of the youngest evidence window
 * @param unseenSeconds of it, where least was seen
 */
public record MergedReport(String at, String from, long unseenSeconds, List<Row> rows) {
    private static final List<String> ORDER =
            List.of(Finding.values()).stream().map(Finding::name).toList();

    /** One shoot, as its report has it. */
    public record Row(Map<?, ?> tree) {
        public String shoot() {
            return text(tree.get("shoot"));
        }

        public String seed() {
            return text(tree.get("seed"));
        }

        public String project() {
            return text(tree.get("project"));
        }

        public String purpose() {
            return text(tree.get("purpose"));
        }

        public String shootClass() {
            return text(tree.get("class"));
        }

        public String finding() {
            return text(tree.get("finding"));
        }

        public boolean blocks() {
            return Boolean.TRUE.equals(tree.get("blocks"));
        }

        public String why() {
            return text(tree.get("why"));
        }

        /** {@code True}, {@code False}, {@code Unknown}, or nothing. */
        public String declared() {
            return tree.get("declared") instanceof Map<?, ?> c ? text(c.get("status")) : "";
        }

        public int up(String entrance) {
            return tree.get(entrance) instanceof Map<?, ?> use && use.get("up") instanceof Number n ? n.intValue() : 0;
        }

        public String lastSeen(String entrance) {
            return tree.get(entrance) instanceof Map<?, ?> use ? text(use.get("lastSeen")) : "";
        }
    }

    /** Some of all. */
    public record Count(long shoots, long blocking) {}

    public static MergedReport of(List<Map<?, ?>> reports) {
        var rows = new ArrayList<Row>();
        String at = "";
        String from = "";
        long unseen = 0;
        for (Map<?, ?> report : reports) {
            at = max(at, text(report.get("at")));
            from = max(from, text(report.get("from")));
            unseen = Math.max(unseen, report.get("unseenSeconds") instanceof Number n ? n.longValue() : 0);
            if (report.get("shoots") instanceof List<?> shoots) {
                shoots.stream()
                        .filter(Map.class::isInstance)
                        .map(shoot -> new Row((Map<?, ?>) shoot))
                        .forEach(rows::add);
            }
        }
        rows.sort(Comparator.comparingInt((Row row) -> ORDER.indexOf(row.finding()))
                .thenComparing(Row::shoot));
        return new MergedReport(at, from, unseen, List.copyOf(rows));
    }

    public MergedReport only(Predicate<Row> wanted) {
        return new MergedReport(
                at, from, unseenSeconds, rows.stream().filter(wanted).toList());
    }

    public long blocking() {
        return rows.stream().filter(Row::blocks).count();
    }

    /** In the order of the findings. */
    public Map<String, Long> byFinding() {
        var counts = new LinkedHashMap<String, Long>();
        for (String finding : ORDER) {
            long count =
                    rows.stream().filter(row -> row.finding().equals(finding)).count();
            if (count > 0) {
                counts.put(finding, count);
            }
        }
        return counts;
    }

    public Map<String, Count> by(Function<Row, String> group) {
        var counts = new TreeMap<String, Count>();
        rows.forEach(row -> counts.merge(
                group.apply(row),
                new Count(1, row.blocks() ? 1 : 0),
                (a, b) -> new Count(a.shoots() + b.shoots(), a.blocking() + b.blocking())));
        return counts;
    }

    private static String max(String a, String b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
