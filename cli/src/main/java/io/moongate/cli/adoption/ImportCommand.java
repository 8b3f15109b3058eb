package io.moongate.cli.adoption;

import io.moongate.adoption.imports.Counts;
import io.moongate.adoption.imports.Doubts;
import io.moongate.adoption.imports.ImportReport;
import io.moongate.adoption.imports.LogImport;
import io.moongate.adoption.imports.Tally;
import io.moongate.adoption.report.Gardenlets;
import io.moongate.adoption.report.MergedReport;
import io.moongate.adoption.report.Spoken;
import io.moongate.cli.Folder;
import io.moongate.cli.Moongate;
import io.moongate.cli.Output;
import io.moongate.cli.UserError;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.evidence.Coverage.Span;
import io.moongate.model.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The report of {@code moongate adoption}, from access logs that exist already. Nothing is kept or changed. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Read stored access logs, and show which port each shoot used beside what its status declares.",
            "A tunnel in the logs proves a use. That there is none proves nothing, until you say what the logs cover.",
            "Exit code 2 while a shoot needs the legacy port or is not observed."
        },
        footer = {
            "",
            "Formats: the text and JSON formats of Envoy and Istio, Moongate's access log, and your own (--format);",
            "plain or gzip, in any order, as kubectl logs, container runtimes and collectors store them.",
            "A line that comes twice counts once. Only a CONNECT that was answered with 200 is a tunnel.",
            "",
            "Examples:",
            "  kubectl get shoots -A -o yaml > landscape/shoots.yaml",
            "  moongate adoption import --landscape landscape gateway-*.log.gz",
            "  kubectl -n istio-ingress logs -l app=istio-ingressgateway --tail=-1 |",
            "    moongate adoption import --landscape landscape -",
            "  moongate adoption import --landscape landscape *.gz \\",
            "    --covers 2026-08-01..2026-08-09 --longest-tunnel 24h"
        })
public final class ImportCommand implements Callable<Integer> {
    /** As stat(2) says it. */
    private static final int FILE_TYPE = 0170000;

    private static final int PIPE = 0010000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Access logs, plain or gzip; - is the standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--landscape",
            required = true,
            paramLabel = "DIR",
            description = "The folder that holds the Shoots, as 'kubectl get shoots -A -o yaml' writes them.")
    private Path landscape = Path.of(".");

    @Mixin
    private ImportOptions logs = new ImportOptions();

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            description =
                    "How far back a use counts. Default: evidence.window of the landscape's configuration, or 168h.")
    private @Nullable String window;

    @Mixin
    private ReportOptions options = new ReportOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml|csv|markdown",
            description = "How to print: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "table")
    private Printer.Format output = Printer.Format.table;

    @Override
    public Integer call() throws IOException {
        refuseMisplaced();
        Instant now = Instant.now();
        Optional<Span> covers = logs.covers();
        Optional<Duration> longest = logs.longest();
        ManifestSource.Snapshot snapshot = Folder.read(landscape);
        Output.printProblems(spec.commandLine().getErr(), snapshot.problems());
        MoongateConfiguration configuration =
                snapshot.landscape().configuration().orElseGet(ConfigurationReader::defaults);
        Duration back = window == null ? configuration.evidence().window() : ImportOptions.duration(window, "--window");
        var tally = new Tally(snapshot.landscape().shoots());
        var read = new LogImport(logs.formats(), tally);
        for (String file : files) {
            read(read, file);
        }
        if (tally.counts().first().isEmpty()) {
            throw new UserError("there is no line of an access log, in " + String.join(", ", files)
                    + ", give the logs of the ingress gateways");
        }
        List<String> doubts = Doubts.of(read, tally, logs.ignoresUnreadable());
        Optional<Span> observed = doubts.isEmpty() && longest.isPresent()
                ? covers.flatMap(span -> ImportReport.observed(span, longest.get(), now))
                : Optional.empty();
        var settings = new ImportReport.Settings(
                observed,
                back,
                configuration.ownership().shoots(),
                Gardenlets.of(snapshot.landscape().seeds(), snapshot.landscape().shoots()),
                now);
        MergedReport report =
                MergedReport.of(ImportReport.of(snapshot.landscape().shoots(), tally, settings));
        options.print(report, new Printer(output, spec.commandLine().getOut()));
        printWhatWasRead(read, tally.counts());
        doubts.forEach(this::warn);
        Doubts.notes(tally).forEach(this::warn);
        if (doubts.isEmpty() && observed.isEmpty()) {
            warn(whyNothingIsProven(covers, longest));
        }
        observed.ifPresent(span -> warnIfOld(span, now));
        covers.map(span -> Doubts.about(span, tally)).orElse(List.of()).forEach(this::warn);
        return exitCode(snapshot, report);
    }

    private int exitCode(ManifestSource.Snapshot snapshot, MergedReport report) {
        int code = options.exitCode(report);
        boolean whole = snapshot.problems().stream().noneMatch(p -> p.code().severity() == Problem.Severity.ERROR);
        return whole ? code : Moongate.ERROR;
    }

    private void read(LogImport into, String file) {
        try (InputStream in = open(file)) {
            into.read(file.equals("-") ? "standard input" : file, in);
        } catch (LogImport.NotAnAccessLog e) {
            throw new UserError(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            throw new UserError("no such file, " + file + ", give the access logs to read");
        } catch (IOException | InvalidPathException e) {
            throw new UserError("the log cannot be read (" + e.getMessage() + "), " + file + ", make it readable");
        }
    }

    private static InputStream open(String file) throws IOException {
        if (file.equals("-")) {
            // The standard input stays open: the file may be given twice.
            return new FilterInputStream(System.in) {
                @Override
                public void close() {}
            };
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new UserError("the log is a folder, " + file + ", give the files in it: " + file + "/*");
        }
        // A shell's <(zcat FILE) is a pipe here that has its writer; to open another one may wait for ever.
        boolean shells = path.startsWith("/dev") || path.startsWith("/proc");
        if (!Files.isRegularFile(path) && Files.exists(path) && !(shells && isPipe(path))) {
            throw new UserError("the log is no regular file, " + file + ", give a file, or what a program writes: cat "
                    + file + " | moongate adoption import … -");
        }
        return Files.newInputStream(path);
    }

    private static boolean isPipe(Path path) throws IOException {
        return ((Integer) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == PIPE;
    }

    private void printWhatWasRead(LogImport read, Counts counts) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("read " + read.lines() + " lines (files: " + read.files() + "): " + counts.tunnels()
                + " of tunnels of shoots, " + counts.requests() + " of other requests, " + counts.elsewhere()
                + " of other tunnels, " + read.process() + " of the process, " + read.unread() + " not readable"
                + counts.first()
                        .flatMap(first -> counts.last().map(last -> "; from " + first + " to " + last))
                        .orElse(""));
        read.named().forEach(line -> err.println("warning: " + line));
        err.flush();
    }

    private void warn(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("warning: " + text);
        err.flush();
    }

    private static String whyNothingIsProven(Optional<Span> covers, Optional<Duration> longest) {
        if (covers.isEmpty()) {
            return "that a shoot is not on the legacy port in these logs proves nothing, because lines may be missing, "
                    + "in the logs, say which time they cover: --covers FROM..TO --longest-tunnel DURATION";
        }
        return longest.isEmpty()
                ? "a tunnel that is still up has no line yet, in the logs, so --covers proves nothing alone: "
                        + "add --longest-tunnel DURATION, the longest that a tunnel lives"
                : "the covered time is shorter than the longest tunnel, in --covers, give logs of a longer time";
    }

    private void warnIfOld(Span observed, Instant now) {
        Duration since = Duration.between(observed.to(), now);
        if (since.compareTo(Duration.ofDays(1)) > 0) {
            warn("nothing after " + observed.to() + " is observed (" + Spoken.of(since.toSeconds())
                    + " until now), in the logs, give later ones");
        }
    }

    private void refuseMisplaced() {
        var parent = spec.commandLine().getParent();
        if (parent != null && !parent.getParseResult().matchedOptions().isEmpty()) {
            throw new UserError("the option '"
                    + parent.getParseResult().matchedOptions().getFirst().longestName()
                    + "' stands before 'import', on the command line, put it behind");
        }
    }
}
