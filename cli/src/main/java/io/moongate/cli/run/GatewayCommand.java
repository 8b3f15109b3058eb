package io.moongate.cli.run;

import io.moongate.adoption.accesslog.AccessLogReporter;
import io.moongate.cli.AdminOption;
import io.moongate.cli.Home;
import io.moongate.cli.InputOptions;
import io.moongate.cli.SeedKubeconfig;
import io.moongate.cli.UserError;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.plan.Plan;
import io.moongate.model.removal.LegacyPort;
import io.moongate.operator.feed.FeedSource;
import io.moongate.plan.Continuity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The data plane alone, in a seed: fed by the operator, and on its own while that is away. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description = {
            "Serve the unified and the legacy port of a seed, where 'target' is Gateway.",
            "Shoots and configuration come from 'moongate operator', by ConfigMaps in the seed; Services and EndpointSlices from the seed itself.",
            "The access log goes to standard output. SIGTERM drains the tunnels over gateway.drain.grace and exits with 0."
        },
        footer = {"", "Example, in a pod:", "  moongate gateway --seed seed-1 --namespace moongate-system"})
public final class GatewayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "moongate-system",
            description = "Where in the seed the operator writes the feed. Default: ${DEFAULT-VALUE}.")
    private String namespace = "moongate-system";

    @Option(
            names = "--service",
            paramLabel = "NAME",
            defaultValue = "moongate-gateway",
            description =
                    "The Service of the gateways, in the same namespace. A legacy port that has been removed is closed once it leads nobody there. Default: ${DEFAULT-VALUE}.")
    private String gatewayService = "moongate-gateway";

    @Option(
            names = "--witness",
            paramLabel = "HOST:PORT",
            description =
                    "Whom to tell about tunnels. Default: evidence.accessLogService.service of the configuration, if it is enabled.")
    private @Nullable String witness;

    @Mixin
    private SeedKubeconfig seedKubeconfig = new SeedKubeconfig();

    @Mixin
    private ProcessOptions process = new ProcessOptions();

    @Mixin
    private AdminOption admin = new AdminOption();

    @Mixin
    private InputOptions input = new InputOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StartChecks.refuseFewOpenFiles();
        String seed = input.inputs()
                .seed()
                .orElseThrow(
                        () -> new UserError("a gateway serves one seed, on the command line, name it with --seed"));
        var watchdog = new Watchdog();
        try (var reporter = new AccessLogReporter(identity(), watchdog);
                var feed = new FeedInput(seedKubeconfig.readable(), namespace, gatewayService, seed, told(reporter));
                var log = new AccessLog(LogFile.open(process.accessLog), watchdog)) {
            var loop = new RunLoop(
                    new RunLoop.Settings(
                            feed,
                            Home.state(process.state, Path.of("feed", namespace, seed)),
                            Optional.empty(),
                            input.inputs(),
                            Continuity.MassRemoval.TAKEN,
                            admin.settings(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            watchdog),
                    new Recorder(new GatewayMetrics(), log, reporter),
                    spec.commandLine().getErr());
            Signals.onTermination(loop::stop);
            return loop.run();
        }
    }

    private Consumer<Plan> told(AccessLogReporter reporter) {
        return plan -> {
            AccessLogServiceSettings service = plan.configuration().evidence().accessLogService();
            reporter.tellTo(
                    Optional.ofNullable(witness).or(() -> service.host().map(host -> host + ":" + service.port())),
                    service.tls());
        };
    }

    /** In the form of Istio's, by which a witness knows its pods: in a pod the host's name is the pod's. One that starts again is another. */
    private String identity() {
        return "gateway~~" + Optional.ofNullable(System.getenv("HOSTNAME")).orElse("moongate") + "." + namespace + "~"
                + Long.toString(ProcessHandle.current().pid(), 36) + Long.toString(System.currentTimeMillis(), 36);
    }

    /** What the operator has written into the seed. */
    private static final class FeedInput implements RunInput, AutoCloseable {
        private final Optional<Path> kubeconfig;
        private final String namespace;
        private final String service;
        private final String seed;
        private final Consumer<Plan> inForce;
        private @Nullable FeedSource source;

        private FeedInput(
                Optional<Path> kubeconfig, String namespace, String service, String seed, Consumer<Plan> inForce) {
            this.service = service;
            this.inForce = inForce;
            this.kubeconfig = kubeconfig;
            this.namespace = namespace;
            this.seed = seed;
        }

        @Override
        public ManifestSource open(Map<String, List<Manifest>> held) {
            System.err.println("moongate gateway waits for the feed of seed " + seed + " in namespace " + namespace);
            var opened = new FeedSource(kubeconfig, namespace, service, seed, held);
            source = opened;
            return opened;
        }

        @Override
        public void greet(PrintWriter out, Plan plan, Gateway gateway, RunLoop.Doors doors) {
            Greeting.print(out, "the feed of seed " + seed, plan, gateway, doors);
        }

        @Override
        public void inForce(Plan plan) {
            inForce.accept(plan);
        }

        @Override
        public LegacyPort legacyPort(int port) {
            FeedSource opened = source;
            return opened == null ? LegacyPort.Open : opened.legacyPort(port);
        }

        @Override
        public void close() {
            FeedSource opened = source;
            if (opened != null) {
                opened.close();
            }
        }
    }
}
