package io.moongate.cli.adoption;

import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.cli.peer.Peers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
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
            "Show, shoot by shoot, what its condition declares beside what real tunnels were seen to do;",
            "disagreement first.",
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
            "  moongate adoption --context seed-1 --context seed-2",
            "",
            "From access logs that are stored already: moongate adoption import --help"
        },
        subcommands = ImportCommand.class)
public final class AdoptionCommand implements Callable<Integer> {
    private static final Duration WATCH_EVERY = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Peers peers = new Peers();

    @Mixin
    private ReportOptions options = new ReportOptions();

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
                options.print(all, new Printer(format, spec.commandLine().getOut()));
                if (!watch) {
                    int code = options.exitCode(all);
                    return reports.failures().isEmpty() ? code : Moongate.ERROR;
                }
                Thread.sleep(WATCH_EVERY);
            }
        }
    }
}
