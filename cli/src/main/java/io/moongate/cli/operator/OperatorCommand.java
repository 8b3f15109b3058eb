package io.moongate.cli.operator;

import io.moongate.cli.AdminOption;
import io.moongate.cli.AdminPages;
import io.moongate.cli.Folder;
import io.moongate.cli.InputOptions;
import io.moongate.cli.Kubeconfig;
import io.moongate.cli.Moongate;
import io.moongate.cli.ProblemTrees;
import io.moongate.cli.SeedKubeconfig;
import io.moongate.cli.UserError;
import io.moongate.cli.run.Endpoints;
import io.moongate.cli.run.Signals;
import io.moongate.cli.run.Watchdog;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.model.config.AdminSettings;
import io.moongate.model.net.Addresses;
import io.moongate.operator.Operator;
import io.moongate.operator.OperatorMetrics;
import io.moongate.operator.OperatorSettings;
import io.moongate.plan.translate.GatewayView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The control plane of one seed on Kubernetes. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        description = {
            "Keep one seed's ingress gateways serving both ports, and say in each Shoot's condition which port its components use.",
            "Reads Shoots and Seeds from the garden, Services and EndpointSlices from the seed; writes there what ownership.seed allows.",
            "Several replicas may run: the one that holds the Lease writes."
        },
        footer = {
            "",
            "Example:",
            "  moongate operator --seed seed-1 --config /etc/moongate --garden-kubeconfig /etc/garden/kubeconfig"
        })
public final class OperatorCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCommand.class);

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
            names = "--lease-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "moongate-system",
            description = "Where in the seed the replicas' Lease is. Default: ${DEFAULT-VALUE}.")
    private String leaseNamespace = "moongate-system";

    @Option(
            names = "--gateway-service",
            paramLabel = "NAME",
            defaultValue = "moongate-gateway",
            description =
                    "The Service of our own gateways, in the Lease's namespace; it loses the legacy port when that has been removed. Default: ${DEFAULT-VALUE}.")
    private String gatewayService = "moongate-gateway";

    /** Without it no problem would look like a seed without problems. */
    private static final String STANDBY =
            "this replica does not lead and judges nothing in the seed and the shoots: its"
                    + " problems are those of the input alone; ask the one that holds the Lease moongate-operator-SEED";

    @Mixin
    private AdminOption admin = new AdminOption();

    @Mixin
    private InputOptions input = new InputOptions();

    @Override
    public Integer call() throws InterruptedException {
        String seedName = input.inputs()
                .seed()
                .orElseThrow(() -> new UserError(
                        "an operator is responsible for one seed, on the command line, name it with --seed"));
        Folder.refuseHiddenConfiguration(config);
        var metrics = new OperatorMetrics();
        var settings = new OperatorSettings(
                config,
                Kubeconfig.readable(garden),
                seedKubeconfig.readable(),
                seedName,
                input.inputs(),
                leaseNamespace,
                gatewayService,
                identity());
        var watchdog = new Watchdog();
        watchdog.register(metrics.registry());
        var failed = new AtomicBoolean();
        try (var endpoints = new Endpoints();
                var operator = new Operator(settings, metrics, watchdog, watchdog::problems)) {
            Signals.onTermination(operator::stop);
            watchdog.endWith(() -> {
                failed.set(true);
                operator.stop();
            });
            addAdmin(endpoints, operator, metrics, watchdog);
            endpoints.open(Instant.now());
            endpoints.problems().forEach(problem -> LOG.warn("{}", problem));
            System.err.println("moongate operator for seed " + seedName + ", admin "
                    + endpoints
                            .address(Endpoints.Kind.ADMIN)
                            .map(where -> "http://" + Addresses.text(where) + " (/livez /readyz /metrics /config)")
                            .orElse("not open"));
            operator.run(() -> endpoints.retryIfDue(Instant.now()));
        }
        return failed.get() ? Moongate.ERROR : Moongate.OK;
    }

    private void addAdmin(Endpoints endpoints, Operator operator, OperatorMetrics metrics, Watchdog watchdog) {
        AdminSettings configured =
                Folder.plan(config, input).plan().configuration().admin();
        AdminSettings settings = admin.settings().orElse(configured);
        var health = new AdminPages.Health() {
            @Override
            public Optional<String> notLive() {
                return watchdog.notLive();
            }

            @Override
            public boolean ready() {
                return operator.ready();
            }
        };
        var pages = new AdminPages(
                AdminPages.Local.config(() -> page(operator)), metrics.registry(), health, operator::confirm);
        var address = new InetSocketAddress(Addresses.parse(settings.address()).orElseThrow(), settings.port());
        endpoints.add(Endpoints.Kind.ADMIN, () -> {
            var opened = new AdminServer(address, pages, configured.guard());
            return new Endpoints.Opened(opened.address(), opened);
        });
    }

    private static Map<String, Object> page(Operator operator) {
        return operator.view().map(OperatorCommand::page).orElseGet(LinkedHashMap::new);
    }

    static Map<String, Object> page(Operator.View view) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("leading", view.leading());
        if (!view.leading()) {
            tree.put("note", STANDBY);
        }
        tree.put("held", view.held());
        tree.put("problems", ProblemTrees.of(view.problems()));
        tree.put("advice", ProblemTrees.ofAdvice(view.advice()));
        tree.put("gateway", GatewayView.of(view.plan().gateway()));
        return tree;
    }

    /** In a pod the host's name is the pod's; the process tells two on one host apart. */
    private static String identity() {
        try {
            return InetAddress.getLocalHost().getHostName() + "_"
                    + ProcessHandle.current().pid();
        } catch (UnknownHostException e) {
            return "moongate_" + ProcessHandle.current().pid();
        }
    }
}
