package io.moongate.cli.removal;

import io.moongate.cli.Diff;
import java.io.PrintWriter;
import java.util.List;

/** What would become of objects, line by line; of long ones the begin, unless all is asked for. */
record DifferencePrinter(PrintWriter out, boolean full) {
    private static final int SHOWN = 25;

    void print(List<PlannedChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        out.println();
        out.println("the objects, before and after:");
        changes.stream().filter(change -> !change.omitted()).forEach(this::print);
        long omitted = changes.stream().filter(PlannedChange::omitted).count();
        if (omitted > 0) {
            out.println("and " + omitted + " more, which are too much to show: see 'moongate plan --objects'");
        }
        out.flush();
    }

    private void print(PlannedChange change) {
        out.println();
        List<String> lines = Diff.unified(change.object(), change.before(), change.after())
                .lines()
                .toList();
        int shown = full ? lines.size() : Math.min(lines.size(), SHOWN);
        lines.subList(0, shown).forEach(out::println);
        if (shown < lines.size()) {
            out.println("  ... " + (lines.size() - shown) + " more lines; --full shows them");
        }
    }
}
