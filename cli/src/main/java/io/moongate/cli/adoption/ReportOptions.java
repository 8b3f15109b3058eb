package io.moongate.cli.adoption;

import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a report is printed, and which decides about the exit code. */
public final class ReportOptions {
    @Option(names = "--blocking", description = "Only shoots for which the legacy port has to stay.")
    private boolean blocking;

    @Option(
            names = "--finding",
            split = ",",
            paramLabel = "FINDING",
            description = "Only shoots with these findings: ${COMPLETION-CANDIDATES}.")
    private Set<Finding> findings = new LinkedHashSet<>();

    @Option(names = "--seed", paramLabel = "NAME", description = "Only shoots of this seed.")
    private @Nullable String seed;

    @Option(names = "--project", paramLabel = "NAME", description = "Only shoots of this project.")
    private @Nullable String project;

    @Option(names = "--purpose", paramLabel = "NAME", description = "Only shoots of this purpose, as production.")
    private @Nullable String purpose;

    @Option(
            names = "--by",
            paramLabel = "seed|project|purpose",
            description = "Count shoots by one of these, instead of listing them: ${COMPLETION-CANDIDATES}.")
    private Counted.@Nullable By by;

    void print(MergedReport all, Printer printer) {
        MergedReport asked = all.only(this::isAskedFor);
        if (by == null) {
            printer.print(asked, all);
        } else {
            printer.print(Counted.of(asked, by));
        }
    }

    /** If there is no shoot, it is not known that nothing blocks. */
    int exitCode(MergedReport all) {
        MergedReport scope = all.only(this::isInScope);
        if (scope.rows().isEmpty() && !all.rows().isEmpty()) {
            throw new UserError("none of the " + all.rows().size()
                    + " shoots is of that seed, project and purpose, on the command line, "
                    + "see how they are written with -o csv");
        }
        return scope.blocking() > 0 || scope.rows().isEmpty() ? Moongate.BLOCKED : Moongate.OK;
    }

    private boolean isAskedFor(MergedReport.Row row) {
        boolean finding =
                findings.isEmpty() || findings.stream().map(Finding::name).anyMatch(row::is);
        return isInScope(row) && finding && (!blocking || row.blocks());
    }

    private boolean isInScope(MergedReport.Row row) {
        return (seed == null || seed.equals(row.seed()))
                && (project == null || project.equals(row.project()))
                && (purpose == null || purpose.equals(row.purpose()));
    }
}
