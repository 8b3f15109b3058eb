package io.moongate.cli.run;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.moongate.adoption.removal.Removal;
import io.moongate.adoption.removal.Verdict;
import io.moongate.cli.AdminOption;
import io.moongate.cli.Folder;
import io.moongate.cli.Home;
import io.moongate.cli.InputOptions;
import io.moongate.cli.Kubeconfig;
import io.moongate.cli.SeedKubeconfig;
import io.moongate.cli.ShareOption;
import io.moongate.cli.TokenFile;
import io.moongate.cli.UserError;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Target;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.plan.ObjectChange;
import io.moongate.model.plan.Plan;
import io.moongate.operator.provider.LiveSource;
import io.moongate.operator.provider.LiveSource.Clusters;
import io.moongate.operator.provider.LiveSource.Gateways;
import io.moongate.operator.removal.Herald;
import io.moongate.operator.removal.Herald.News;
import io.moongate.operator.removal.PublishedLegacyPort.Decided;
import io.moongate.operator.removal.SeedCondition.Said;
import io.moongate.plan.Continuity;
import io.moongate.plan.translate.istio.IstioObjects;
import io.moongate.plan.translate.istio.LegacyRemoval;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code moongate run} knows of adoption, for a seed on Kubernetes whose tunnels others serve. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = {
            "Keep the evidence of one seed's tunnels: which shoot was seen on which port, and when.",
            "Istio's ingress gateways, or 'moongate gateway', tell it about each tunnel (evidence.accessLogService). While one of them does not, nobody looked.",
            "It serves the dashboard, answers 'moongate adoption' and 'moongate legacy-port', and says in the Seed's condition whether the legacy port can go.",
            "One process for each seed; --state must outlive it."
        },
        footer = {
            "",
            "Example:",
            "  moongate witness --seed seed-1 --config /etc/moongate --state /var/lib/moongate --garden-kubeconfig /etc/garden/kubeconfig"
        })
public final class WitnessCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "DIR",
            required = true,
            description = "The folder that holds the MoongateConfiguration.")
    private Path config = Path.of(".");

    @Option(
            names = "--garden-kubeconfig",
            paramLabel = "FILE",
            description = "How to reach the garden. Default: as the seed.")
    private @Nullable Path garden;

    @Mixin
    private SeedKubeconfig seedKubeconfig = new SeedKubeconfig();

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "moongate-system",
            description =
                    "Where in the seed decisions are published, and our own gateways are. Default: ${DEFAULT-VALUE}.")
    private String namespace = "moongate-system";

    @Option(
            names = "--gateway-service",
            paramLabel = "NAME",
            defaultValue = "moongate-gateway",
            description = "The Service of our own gateways, where 'target' is Gateway. Default: ${DEFAULT-VALUE}.")
    private String gatewayService = "moongate-gateway";

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where evidence and decisions are kept. Default: $STATE_DIRECTORY, else below $XDG_STATE_HOME or ~/.local/state.")
    private @Nullable Path state;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Mixin
    private ShareOption share = new ShareOption();

    @Mixin
    private TokenFile dashboardToken = new TokenFile();

    @Mixin
    private InputOptions input = new InputOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StartChecks.refuseFewOpenFiles();
        String seed = input.inputs()
                .seed()
                .orElseThrow(
                        () -> new UserError("a witness looks at one seed, on the command line, name it with --seed"));
        MoongateConfiguration configuration = Folder.plan(config, input).plan().configuration();
        if (!configuration.evidence().accessLogService().enabled()) {
            throw new UserError(
                    "nobody would tell the witness about tunnels, evidence.accessLogService.enabled is false"
                            + " in the configuration, set it to true");
        }
        Path folder = Home.state(state, Path.of("witness", namespace, seed));
        var gateways = new Gateways(configuration.istio().ingressService(), namespace, gatewayService);
        var watchdog = new Watchdog();
        try (var clusters = Clusters.of(Kubeconfig.readable(garden), seedKubeconfig.readable());
                var log = new AccessLog(OutputStream.nullOutputStream(), watchdog);
                var adoption = AdoptionDesk.open(folder.resolve("evidence.db"), watchdog)) {
            var source = new SeedInput(config, clusters, gateways, seed);
            var loop = new RunLoop(
                    new RunLoop.Settings(
                            source,
                            folder,
                            Optional.empty(),
                            input.inputs(),
                            Continuity.MassRemoval.HELD,
                            admin.settings(),
                            share.settings(),
                            dashboardToken.checked(),
                            Optional.of(adoption),
                            watchdog),
                    new Recorder(new GatewayMetrics(), log, adoption.observer()),
                    spec.commandLine().getErr());
            Signals.onTermination(loop::stop);
            try (var herald = new Herald(
                            clusters, namespace, seed, () -> news(adoption), adoption::heraldFailed, watchdog);
                    var knocker = source.knocker(adoption, watchdog)) {
                loop.onDecision(herald::soon);
                knocker.start();
                return loop.run();
            }
        }
    }

    private static Optional<News> news(AdoptionDesk desk) {
        return desk.standing().map(standing -> {
            Removal removal = standing.removal();
            Verdict verdict = standing.verdict();
            Optional<Decided> decided = removal.since().map(d -> new Decided(removal.port(), d.at(), d.who()));
            return new News(decided, said(removal, verdict));
        });
    }

    private static Said said(Removal removal, Verdict verdict) {
        if (removal.port().isClosed()) {
            return new Said("True", "Removed", "the legacy port has been removed");
        }
        if (verdict.shoots() == 0) {
            return new Said("Unknown", "NoShootKnown", verdict.summary());
        }
        return verdict.removable()
                ? new Said("True", "NothingBlocks", verdict.summary())
                : new Said("False", "Blocked", verdict.summary());
    }

    /** A seed whose tunnels others serve. */
    private static final class SeedInput implements RunInput {
        private final Path config;
        private final Clusters clusters;
        private final Gateways gateways;
        private final String seed;
        private volatile @Nullable LiveSource source;
        private volatile Map<Entrance, Integer> ports = Map.of();
        private volatile Changes changes = new Changes(null, List.of());

        /** What a removal changes, and the very plan from which that was made. */
        private record Changes(@Nullable Plan plan, List<String> lines) {}

        /** Asked for far more often than plans change. */
        @SuppressWarnings("ReferenceEquality") // The same plan is meant: to compare ten thousand routes costs more.
        private List<String> changes(Plan plan) {
            Changes known = changes;
            if (known.plan() != plan) {
                known = new Changes(plan, lines(LegacyRemoval.of(plan)));
                changes = known;
            }
            return known.lines();
        }

        private SeedInput(Path config, Clusters clusters, Gateways gateways, String seed) {
            this.config = config;
            this.clusters = clusters;
            this.gateways = gateways;
            this.seed = seed;
        }

        @Override
        public ManifestSource open(Map<String, List<Manifest>> held) {
            System.err.println("moongate witness waits for the garden's Shoots and the Services of seed " + seed);
            var opened = new LiveSource(config, clusters, gateways, held);
            source = opened;
            return opened;
        }

        @Override
        public void greet(PrintWriter out, Plan plan, Gateway gateway, RunLoop.Doors doors) {
            Greeting.ofWitness(out, seed, plan, doors);
        }

        @Override
        public boolean serves() {
            return false;
        }

        @Override
        public AdoptionDesk.Served legacyServed(Plan plan, Gateway none) {
            LiveSource opened = source;
            int port = IstioObjects.port(plan, Entrance.LEGACY);
            if (opened == null || plan.configuration().target() == Target.Gateway) {
                boolean led = opened != null && opened.ownLeadsTo(port).orElse(false);
                List<String> ours =
                        plan.legacyPort().isClosed() && !led ? List.of() : List.of("moongate gateway, port " + port);
                List<ObjectChange> changes =
                        led ? LegacyRemoval.ofService(plan, gateways.namespace(), gateways.own()) : List.of();
                return new AdoptionDesk.Served(ours, OptionalInt.empty(), lines(changes), () -> changes);
            }
            List<String> led = opened.ingressWith(port).stream()
                    .map(service -> service + ", port " + port)
                    .toList();
            return new AdoptionDesk.Served(led, OptionalInt.empty(), changes(plan), () -> LegacyRemoval.of(plan));
        }

        private static List<String> lines(List<ObjectChange> changes) {
            return changes.stream().map(ObjectChange::toString).toList();
        }

        /** Our own gateways tell unasked; where they take over from Istio's, both have tunnels for a while. */
        private Knocker knocker(AdoptionDesk desk, Watchdog watchdog) {
            return new Knocker(desk::silent, entrance -> Optional.ofNullable(ports.get(entrance)), watchdog);
        }

        @Override
        public void inForce(Plan plan) {
            ports = IstioObjects.entrances(plan).stream()
                    .collect(toUnmodifiableMap(entrance -> entrance, entrance -> IstioObjects.port(plan, entrance)));
        }

        /** A log for each port that clients are led to: gardenlet may take one away without asking here. */
        private Tellers.Expected expected() {
            LiveSource opened = source;
            if (opened == null) {
                return Tellers.Expected.UNKNOWN;
            }
            var pods = new EnumMap<Entrance, Set<GatewayPod>>(Entrance.class);
            for (Map.Entry<Entrance, Integer> port : ports.entrySet()) {
                Optional<Set<GatewayPod>> behind = opened.gatewayPods(port.getValue());
                if (behind.isEmpty()) {
                    return Tellers.Expected.UNKNOWN;
                }
                pods.put(port.getKey(), behind.get());
            }
            return new Tellers.Expected(Optional.of(pods));
        }

        @Override
        public Optional<Supplier<Tellers.Expected>> tellers() {
            return Optional.of(this::expected);
        }
    }
}
