package io.moongate.cli.adoption;

import io.moongate.adoption.report.Finding;
import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.cli.peer.Peers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who has moved, by word and by deed, over any number of running moongates. */
@Command(
        name = "adoption",
        mixinStandardHelpOptions = true,
        description = {
            "Show, shoot by shoot, what its condition declares beside what real tunnels were seen to do; disagreement first.",
            "Exit code 2 while a shoot needs the legacy port, or nobody can tell."
        },
        footer = {
            "",
            "Findings, in the order of the rows:",
            "  Contradiction   declared True, and in the evidence window seen on the legacy port since",
            "  UsesLegacyPort  seen on the legacy port in the evidence window",
            "  NotMoved        not declared True, and not seen on the legacy port",
            "  Away            nobody could change its clients: failed, invalid credentials, ignored, migrating;",
            "                  or hibernated, and not seen to have moved before",
            "  NotObserved     declared True, but in a part of the window nobody looked",
            "  Silent          declared True, but no tunnel for five minutes (does not block)",
            "  Moved           declared True, and seen in the whole window on 8443 alone",
            "  Arriving        being created, and its clients came on 8443 alone",
            "  WithoutClients  workerless, or being deleted",
            "",
            "Examples, for one on this machine, and for a landscape of two seeds:",
            "  moongate adoption --blocking",
            "  moongate adoption --by project",
            "  moongate adoption --context seed-1 --context seed-2"
        })
public final class AdoptionCommand implements Callable<Integer> {
    private static final Duration WATCH_EVERY = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Peers peers = new Peers();

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

    @Option(names = "--watch", description = "Print it again every two seconds, until interrupted.")
    private boolean watch;

    @Option(
            names = {"-o", "--format"},
            paramLabel = "table|json|yaml|csv|markdown",
            description = "How to print: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "table")
    private Printer.Format format = Printer.Format.table;

    @Override
    public Integer call() throws InterruptedException {
        try (var sources = new Sources(peers.open())) {
            while (true) {
                Sources.Reports reports = sources.read();
                PrintWriter err = spec.commandLine().getErr();
                reports.failures().forEach(why -> err.println("error: " + why));
                reports.warnings().forEach(why -> err.println("warning: " + why));
                err.flush();
                if (reports.all().isEmpty()) {
                    throw new UserError(
                            "no report could be read, from anywhere, start moongate run or moongate witness there");
                }
                MergedReport all = MergedReport.of(reports.all());
                print(all.only(this::isAskedFor), all);
                if (!watch) {
                    return exitCode(reports, all, all.only(this::isInScope));
                }
                Thread.sleep(WATCH_EVERY);
            }
        }
    }

    private void print(MergedReport asked, MergedReport all) {
        var printer = new Printer(format, spec.commandLine().getOut());
        if (by == null) {
            printer.print(asked, all);
        } else {
            printer.print(Counted.of(asked, by));
        }
    }

    /** Of a landscape that is not whole, or that has nobody in it, nobody can say that nothing blocks. */
    private static int exitCode(Sources.Reports reports, MergedReport all, MergedReport scope) {
        if (!reports.failures().isEmpty()) {
            return Moongate.ERROR;
        }
        if (scope.rows().isEmpty() && !all.rows().isEmpty()) {
            throw new UserError(
                    "none of the " + all.rows().size()
                            + " shoots is of that seed, project and purpose, on the command line, see how they are written with 'moongate adoption -o csv'");
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
