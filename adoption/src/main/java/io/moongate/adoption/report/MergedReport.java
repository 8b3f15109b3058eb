package io.moongate.adoption.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Use;
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

    /** One shoot, as its report has it. What a report leaves out is empty. */
    public sealed interface Row {
        String shoot();

        String seed();

        String project();

        String purpose();

        String shootClass();

        String finding();

        boolean blocks();

        /** Declared True, and without a tunnel, whatever else is found. */
        boolean silent();

        String why();

        /** Whoever is silent is so beside another finding, too: in a young process that is all there is to see of it. */
        default boolean is(String finding) {
            return finding.equals(finding()) || (silent() && finding.equals(Finding.Silent.name()));
        }

        /** {@code True}, {@code False}, {@code Unknown}, or nothing. */
        String declared();

        /** {@code gardenlet}, {@code moongate}, {@code other}, or nothing. */
        String declaredBy();

        int up(String entrance);

        String lastSeen(String entrance);

        /** All of it, as {@link AdoptionTree} tells it. */
        Map<?, ?> tree();
    }

    /** Of another process. */
    public record Told(Map<?, ?> tree) implements Row {
        @Override
        public String shoot() {
            return text(tree.get("shoot"));
        }

        @Override
        public String seed() {
            return text(tree.get("seed"));
        }

        @Override
        public String project() {
            return text(tree.get("project"));
        }

        @Override
        public String purpose() {
            return text(tree.get("purpose"));
        }

        @Override
        public String shootClass() {
            return text(tree.get("class"));
        }

        @Override
        public String finding() {
            return text(tree.get("finding"));
        }

        @Override
        public boolean blocks() {
            return Boolean.TRUE.equals(tree.get("blocks"));
        }

        @Override
        public boolean silent() {
            return Boolean.TRUE.equals(tree.get("silent"));
        }

        @Override
        public String why() {
            return text(tree.get("why"));
        }

        @Override
        public String declared() {
            return tree.get("declared") instanceof Map<?, ?> c ? text(c.get("status")) : "";
        }

        @Override
        public String declaredBy() {
            return text(tree.get("declaredBy"));
        }

        @Override
        public int up(String entrance) {
            return tree.get(entrance) instanceof Map<?, ?> use && use.get("up") instanceof Number n ? n.intValue() : 0;
        }

        @Override
        public String lastSeen(String entrance) {
            return tree.get(entrance) instanceof Map<?, ?> use ? text(use.get("lastSeen")) : "";
        }
    }

    /** Of this process: told as a tree only where somebody wants to see it, which of ten thousand are a hundred. */
    public record Own(AdoptionRow row) implements Row {
        @Override
        public String shoot() {
            return row.shoot().toString();
        }

        @Override
        public String seed() {
            return row.seed().orElse("");
        }

        @Override
        public String project() {
            return row.project();
        }

        @Override
        public String purpose() {
            return row.purpose().orElse("");
        }

        @Override
        public String shootClass() {
            return row.shootClass().name();
        }

        @Override
        public String finding() {
            return row.finding().name();
        }

        @Override
        public boolean blocks() {
            return row.finding().blocks();
        }

        @Override
        public boolean silent() {
            return row.silent();
        }

        @Override
        public String why() {
            return row.why();
        }

        @Override
        public String declared() {
            return row.declared().counted().map(d -> d.status().name()).orElse("");
        }

        @Override
        public String declaredBy() {
            return row.declared().counted().map(d -> d.by().label()).orElse("");
        }

        @Override
        public int up(String entrance) {
            return use(entrance).up();
        }

        @Override
        public String lastSeen(String entrance) {
            return use(entrance).lastSeen().map(AdoptionReport::text).orElse("");
        }

        private Use use(String entrance) {
            return entrance.equals(Entrance.LEGACY.label()) ? row.legacy() : row.unified();
        }

        @Override
        public Map<?, ?> tree() {
            return AdoptionTree.of(row);
        }
    }

    /** That of this process alone. */
    public static MergedReport of(AdoptionReport report) {
        return new MergedReport(
                report.at().toString(),
                report.from().toString(),
                report.unseen().toSeconds(),
                report.rows().stream().<Row>map(Own::new).toList());
    }

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
                        .map(shoot -> new Told((Map<?, ?>) shoot))
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
        Map<String, Long> all = rows.stream().collect(groupingBy(Row::finding, counting()));
        var counts = new LinkedHashMap<String, Long>();
        ORDER.stream().filter(all::containsKey).forEach(finding -> counts.put(finding, all.get(finding)));
        return counts;
    }

    /** A report for each seed, project or whatever its shoots have in common, by name. */
    public Map<String, MergedReport> by(Function<Row, String> group) {
        var groups = new TreeMap<String, MergedReport>();
        rows.stream()
                .collect(groupingBy(group))
                .forEach((name, own) -> groups.put(name, new MergedReport(at, from, unseenSeconds, own)));
        return groups;
    }

    private static String max(String a, String b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
