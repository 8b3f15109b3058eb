package io.moongate.cli.adoption;

import static java.util.stream.Collectors.joining;

import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.MergedReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many shoots there are of each seed, project or purpose, and how many of them block. */
record Counted(By by, Map<String, MergedReport> groups) {
    /** A line for people names so many groups. */
    private static final int NAMED = 4;

    /** What shoots have in common. Names as on the command line. */
    enum By {
        seed,
        project,
        purpose;

        private String of(MergedReport.Row row) {
            return switch (this) {
                case seed -> row.seed();
                case project -> row.project();
                case purpose -> row.purpose();
            };
        }
    }

    static Counted of(MergedReport report, By by) {
        return new Counted(by, report.by(by::of));
    }

    /** In a line: those of which most block. */
    String line() {
        String named = groups.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, MergedReport> group) ->
                        -group.getValue().blocking()))
                .limit(NAMED)
                .map(group -> "%s %d of %d"
                        .formatted(
                                spoken(group.getKey()),
                                group.getValue().blocking(),
                                group.getValue().rows().size()))
                .collect(joining(", "));
        int more = groups.size() - NAMED;
        return "blocking by " + by + ": " + named + (more > 0 ? " and " + more + " more (--by " + by + ")" : "");
    }

    List<String> header() {
        var header = new ArrayList<>(List.of(by.name().toUpperCase(Locale.ROOT), "SHOOTS", "BLOCKING"));
        findings().forEach(finding -> header.add(finding.name()));
        return List.copyOf(header);
    }

    /** As {@link #header}. */
    List<List<String>> rows() {
        List<Finding> findings = findings();
        var rows = new ArrayList<List<String>>();
        groups.forEach((name, group) -> {
            Map<String, Long> counts = group.byFinding();
            var row = new ArrayList<>(
                    List.of(spoken(name), Integer.toString(group.rows().size()), Long.toString(group.blocking())));
            findings.forEach(f -> row.add(Long.toString(counts.getOrDefault(f.name(), 0L))));
            rows.add(List.copyOf(row));
        });
        return List.copyOf(rows);
    }

    /** By name: {@code {shoots, blocking, byFinding}}. */
    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        groups.forEach((name, group) -> {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("shoots", group.rows().size());
            entry.put("blocking", group.blocking());
            entry.put("byFinding", group.byFinding());
            tree.put(name, entry);
        });
        return tree;
    }

    /** Those that there are. */
    private List<Finding> findings() {
        return List.of(Finding.values()).stream()
                .filter(finding -> groups.values().stream()
                        .anyMatch(group -> group.byFinding().containsKey(finding.name())))
                .toList();
    }

    private static String spoken(String name) {
        return name.isEmpty() ? "-" : name;
    }
}
