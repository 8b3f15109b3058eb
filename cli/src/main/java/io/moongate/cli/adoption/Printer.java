package io.moongate.cli.adoption;

import static java.util.stream.Collectors.joining;

import io.moongate.adoption.report.MergedReport;
import io.moongate.adoption.report.Spoken;
import io.moongate.cli.Output;
import io.moongate.manifest.write.Trees;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report for people or for machines. */
record Printer(Format format, PrintWriter out) {
    private static final List<String> HEADER =
            List.of("SHOOT", "SEED", "CLASS", "FINDING", "DECLARED", "8443 UP", "8132 UP", "LAST ON 8132", "WHY");

    /** Names as on the command line. */
    enum Format {
        table,
        json,
        yaml,
        csv,
        markdown
    }

    /** @param all what {@code asked} was chosen from: it is what is counted */
    void print(MergedReport asked, MergedReport all) {
        switch (format) {
            case json -> out.print(Trees.prettyJson(tree(asked, all)));
            case yaml -> out.print(Trees.yaml(tree(asked, all)));
            case csv -> csv(asked);
            case markdown -> {
                summary(all).forEach(line -> out.println("- " + line));
                out.println();
                markdown(HEADER, asked.rows().stream().map(Printer::cells).toList());
            }
            case table -> {
                summary(all).forEach(out::println);
                if (!asked.rows().isEmpty()) {
                    out.println();
                    Output.table(
                            out,
                            HEADER,
                            asked.rows().stream().map(Printer::cells).toList());
                }
            }
        }
        out.flush();
    }

    void print(Counted counted) {
        switch (format) {
            case json -> out.print(Trees.prettyJson(counted.tree()));
            case yaml -> out.print(Trees.yaml(counted.tree()));
            case csv -> {
                csv(counted.header());
                counted.rows().forEach(this::csv);
            }
            case markdown -> markdown(counted.header(), counted.rows());
            case table -> Output.table(out, counted.header(), counted.rows());
        }
        out.flush();
    }

    private static List<String> cells(MergedReport.Row row) {
        return List.of(
                row.shoot(),
                row.seed().isEmpty() ? "-" : row.seed(),
                row.shootClass(),
                row.finding(),
                declared(row),
                Integer.toString(row.up("unified")),
                Integer.toString(row.up("legacy")),
                row.lastSeen("legacy").isEmpty() ? "never seen" : row.lastSeen("legacy"),
                row.why());
    }

    private static String declared(MergedReport.Row row) {
        if (row.declared().isEmpty()) {
            return "-";
        }
        return row.declaredBy().isEmpty() ? row.declared() : row.declared() + " by " + row.declaredBy();
    }

    private static List<String> summary(MergedReport all) {
        String unseen =
                all.unseenSeconds() == 0 ? "" : "; nobody looked for " + Spoken.of(all.unseenSeconds()) + " of it";
        String counts = all.byFinding().entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(joining(", "));
        var lines = new ArrayList<>(List.of(
                "evidence from " + all.from() + " to " + all.at() + unseen,
                all.rows().size() + " shoots: " + (counts.isEmpty() ? "none" : counts),
                removal(all)));
        if (all.blocking() > 0) {
            EnumSet.allOf(Counted.By.class).stream()
                    .map(by -> Counted.of(all, by))
                    .filter(counted -> counted.groups().size() > 1)
                    .forEach(counted -> lines.add(counted.line()));
        }
        return List.copyOf(lines);
    }

    private static String removal(MergedReport all) {
        if (all.rows().isEmpty()) {
            return "no shoot is known, so nobody can say whether the legacy port can be removed";
        }
        return all.blocking() == 0
                ? "nothing blocks the removal of the legacy port"
                : all.blocking() + " block the removal of the legacy port";
    }

    private static Map<String, Object> tree(MergedReport asked, MergedReport all) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("at", all.at());
        tree.put("from", all.from());
        tree.put("unseenSeconds", all.unseenSeconds());
        var counts = new LinkedHashMap<String, Object>();
        counts.put("shoots", all.rows().size());
        counts.put("blocking", all.blocking());
        counts.put("byFinding", all.byFinding());
        counts.put("bySeed", Counted.of(all, Counted.By.seed).tree());
        counts.put("byProject", Counted.of(all, Counted.By.project).tree());
        counts.put("byPurpose", Counted.of(all, Counted.By.purpose).tree());
        tree.put("counts", counts);
        tree.put("shoots", asked.rows().stream().map(MergedReport.Row::tree).toList());
        return tree;
    }

    private void csv(MergedReport asked) {
        out.println(
                "shoot,seed,project,purpose,class,finding,blocks,declared,unified_up,legacy_up,legacy_last_seen,why,declared_by");
        for (MergedReport.Row row : asked.rows()) {
            csv(List.of(
                    row.shoot(),
                    row.seed(),
                    row.project(),
                    row.purpose(),
                    row.shootClass(),
                    row.finding(),
                    Boolean.toString(row.blocks()),
                    row.declared(),
                    Integer.toString(row.up("unified")),
                    Integer.toString(row.up("legacy")),
                    row.lastSeen("legacy"),
                    row.why(),
                    row.declaredBy()));
        }
    }

    private void csv(List<String> cells) {
        out.println(cells.stream().map(Printer::quoted).collect(joining(",")));
    }

    /** RFC 4180; what a spreadsheet would take for a formula is text. */
    private static String quoted(String cell) {
        String safe = cell.matches("^[=+@\\t\\r-].+") ? "'" + cell : cell;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private void markdown(List<String> header, List<List<String>> rows) {
        out.println("| " + String.join(" | ", header) + " |");
        out.println("|" + "---|".repeat(header.size()));
        rows.forEach(row ->
                out.println(row.stream().map(cell -> cell.replace("|", "\\|")).collect(joining(" | ", "| ", " |"))));
    }
}
