package io.moongate.cli.run;

import io.moongate.cli.Home;
import io.moongate.cli.InputOptions;
import io.moongate.cli.ShareOption;
import io.moongate.cli.TokenFile;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.plan.Plan;
import io.moongate.plan.Continuity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The embedded default: gateway, plan and shoot files from a folder of manifests, without a cluster. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Serve the unified and the legacy port from a folder of manifests, and keep up with every edit of it.",
            "The access log goes to standard output, one JSON line per tunnel or refused request; all else to standard error.",
            "SIGTERM drains the tunnels over gateway.drain.grace and exits with 0; a second SIGTERM ends at once."
        },
        footer = {"", "Example:", "  moongate run --landscape /etc/moongate/landscape --output /var/lib/moongate/shoots"
        })
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--landscape",
            paramLabel = "DIR",
            description = "The folder that holds the manifests. Default: the example.")
    private @Nullable Path landscape;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write the configuration of the shoots' clients here and keep it current.")
    private @Nullable Path outputFolder;

    @Mixin
    private ProcessOptions process = new ProcessOptions();

    @Mixin
    private ShareOption share = new ShareOption();

    @Mixin
    private TokenFile dashboardToken = new TokenFile();

    @Mixin
    private InputOptions input = new InputOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StartChecks.refuseFewOpenFiles();
        Path folder = Home.landscape(landscape);
        Path state = Home.state(process.state, folder);
        var watchdog = new Watchdog();
        try (var log = new AccessLog(LogFile.open(process.accessLog), watchdog);
                var adoption = AdoptionDesk.open(state.resolve("evidence.db"), watchdog)) {
            var loop = new RunLoop(
                    new RunLoop.Settings(
                            new FolderInput(folder),
                            state,
                            Optional.ofNullable(outputFolder),
                            input.inputs(),
                            Continuity.MassRemoval.HELD,
                            Optional.empty(),
                            share.settings(),
                            dashboardToken.checked(),
                            Optional.of(adoption),
                            watchdog),
                    new Recorder(new GatewayMetrics(), log, adoption.observer()),
                    spec.commandLine().getErr());
            Signals.onTermination(loop::stop);
            return loop.run();
        }
    }

    /** A folder on this machine. */
    private record FolderInput(Path folder) implements RunInput {
        @Override
        public ManifestSource open(Map<String, List<Manifest>> held) {
            return new FolderSource(folder, held);
        }

        @Override
        public void greet(PrintWriter out, Plan plan, Gateway gateway, RunLoop.Doors doors) {
            Greeting.withExample(out, folder, plan, gateway, doors);
        }
    }
}
