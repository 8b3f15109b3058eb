package io.moongate.cli;

import io.moongate.manifest.write.Trees;
import io.moongate.model.problem.Printable;
import io.moongate.model.problem.Problem;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code -o}: for people or for machines. */
public final class Output {
    enum Format {
        table,
        json,
        yaml
    }

    @Option(
            names = {"-o", "--format"},
            paramLabel = "table|json|yaml",
            description = "How to print: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "table")
    private Format format = Format.table;

    public boolean forPeople() {
        return format == Format.table;
    }

    public void print(PrintWriter out, Object tree) {
        out.print(format == Format.json ? Trees.prettyJson(tree) : Trees.yaml(tree));
        out.flush();
    }

    public static void printProblems(PrintWriter out, List<Problem> problems) {
        for (Problem problem : problems) {
            String style = problem.code().severity() == Problem.Severity.ERROR ? "bold,red" : "bold,yellow";
            String text = problem.toString();
            int colon = text.indexOf(':');
            out.println(Ansi.AUTO.string("@|" + style + " " + text.substring(0, colon + 1) + "|@")
                    + text.substring(colon + 1));
        }
        out.flush();
    }

    /** Columns as wide as their widest cell. */
    public static void table(PrintWriter out, List<String> header, List<List<String>> cells) {
        List<List<String>> rows = cells.stream()
                .map(row -> row.stream().map(Printable::of).toList())
                .toList();
        var widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    header.get(i).length(),
                    rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
        }
        out.println(row(header, widths));
        rows.forEach(r -> out.println(row(r, widths)));
        out.flush();
    }

    private static String row(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
