package io.moongate.cli;

import io.moongate.dataplane.tunnel.ConnectProbe;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.Route;
import io.moongate.model.problem.Nearest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Opens tunnels as a shoot's clients would, and explains what happens. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Open one CONNECT per destination of a shoot, wait for the first byte of the peer's own protocol, and explain the outcome.",
            "Exit code 0 if all that were asked for are open to their end."
        })
final class ProbeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--shoot",
            paramLabel = "NAMESPACE/NAME",
            description = "The shoot, as in garden-foo/bar; its destinations come from the landscape.")
    private @Nullable String shoot;

    @Option(
            names = "--value",
            paramLabel = "VALUE",
            description =
                    "Instead of --shoot: a header value, as in 'outbound|443||kube-apiserver.shoot--foo--bar.svc.cluster.local'; needs no landscape. Can be repeated.")
    private List<String> values = List.of();

    @Option(
            names = "--landscape",
            paramLabel = "DIR",
            description = "The folder that holds the manifests. Default: the example.")
    private @Nullable Path landscape;

    @Option(
            names = "--port",
            paramLabel = "unified|legacy",
            description = "Which entrance. Default: both, one after the other.")
    private @Nullable Entrance entrance;

    @Option(
            names = "--destination",
            paramLabel = "NAME",
            description = "Only this server, as in kube-apiserver or vpn-seed-server-0.")
    private @Nullable String server;

    @Option(
            names = "--gateway",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Where the gateway is. Default: ${DEFAULT-VALUE}.")
    private String gateway = "";

    @Option(
            names = "--gateway-port",
            paramLabel = "NUMBER",
            description = "The TCP port there. Default: as configured for the entrance.")
    private @Nullable Integer gatewayPort;

    @Option(
            names = "--until",
            paramLabel = "answer|first-byte",
            defaultValue = "first-byte",
            converter = UntilConverter.class,
            description =
                    "What counts as open: the gateway's 200, or the first byte of the peer behind it. Default: ${DEFAULT-VALUE}.")
    private ConnectProbe.Stage until = ConnectProbe.Stage.FIRST_BYTE;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "For each step. Default: ${DEFAULT-VALUE}.")
    private int timeout;

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private Output output = new Output();

    private record Result(Entrance entrance, Destination destination, ConnectProbe.Outcome outcome) {}

    @Override
    public Integer call() {
        if ((shoot == null) == values.isEmpty()) {
            throw new UserError("give either --shoot or --value, on the command line, see 'moongate probe --help'");
        }
        List<Entrance> entrances = entrance == null ? List.of(Entrance.values()) : List.of(entrance);
        var results = new ArrayList<Result>();
        if (shoot == null) {
            List<Destination> destinations =
                    values.stream().map(ProbeCommand::parse).toList();
            entrances.forEach(each -> probe(each, defaults().of(each).port(), destinations, results));
        } else {
            Folder.Planned planned = Folder.plan(Home.landscape(landscape), input);
            var listeners = planned.plan().gateway().settings().listeners();
            List<Destination> destinations = destinations(shoot, planned);
            entrances.forEach(each -> probe(each, listeners.of(each).port(), destinations, results));
        }
        print(results);
        return results.stream().allMatch(this::isOpen) ? Moongate.OK : Moongate.ERROR;
    }

    private static GatewaySettings.Listeners defaults() {
        return ConfigurationReader.defaults().gateway().listeners();
    }

    private void probe(Entrance each, int port, List<Destination> destinations, List<Result> results) {
        int asked = gatewayPort == null ? port : gatewayPort;
        for (Destination destination : destinations) {
            var probe = new ConnectProbe(gateway, asked, each, destination, Duration.ofSeconds(timeout));
            results.add(new Result(each, destination, probe.run()));
        }
    }

    private boolean isOpen(Result result) {
        return result.outcome().open()
                || until == ConnectProbe.Stage.ANSWER && result.outcome().status() == 200;
    }

    private static Destination parse(String value) {
        return Destination.parse(value)
                .orElseThrow(
                        () -> new UserError(
                                "'" + value
                                        + "' is not a header value of a shoot's server, in --value, write it as outbound|443||kube-apiserver.<technical ID>.svc.cluster.local"));
    }

    /** As people write it. */
    static final class UntilConverter implements CommandLine.ITypeConverter<ConnectProbe.Stage> {
        @Override
        public ConnectProbe.Stage convert(String text) {
            return switch (text) {
                case "answer" -> ConnectProbe.Stage.ANSWER;
                case "first-byte" -> ConnectProbe.Stage.FIRST_BYTE;
                default ->
                    throw new CommandLine.TypeConversionException("'" + text + "' is neither answer nor first-byte");
            };
        }
    }

    private List<Destination> destinations(String shoot, Folder.Planned planned) {
        ShootKey key;
        try {
            key = ShootKey.parse(shoot);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage() + ", in --shoot, correct it");
        }
        List<Destination> all = planned.plan().gateway().routes().values().stream()
                .filter(r -> r.shoot().equals(key))
                .map(Route::destination)
                .distinct()
                .sorted(Comparator.comparing(Destination::server))
                .toList();
        if (all.isEmpty()) {
            List<String> known = planned.plan().shoots().stream()
                    .map(s -> s.shoot().toString())
                    .toList();
            String nearest = Nearest.to(shoot, known)
                    .map(n -> "; did you mean " + n + "?")
                    .orElse("");
            throw new UserError("no such shoot '" + shoot + "'" + nearest
                    + ", in the landscape, give one that 'moongate plan' lists");
        }
        List<Destination> asked = server == null
                ? all
                : all.stream().filter(d -> d.server().service().equals(server)).toList();
        if (asked.isEmpty()) {
            String names = String.join(
                    ", ", all.stream().map(d -> d.server().service()).toList());
            throw new UserError("the shoot has no destination '" + server + "', in --destination, it has " + names);
        }
        return asked;
    }

    private void print(List<Result> results) {
        var out = spec.commandLine().getOut();
        if (output.forPeople()) {
            for (Result r : results) {
                out.printf(
                        "%s  %s port, %s: %s (%d ms)%n",
                        isOpen(r) ? "open  " : "failed",
                        r.entrance().label(),
                        r.destination().server().service(),
                        r.outcome().explanation(),
                        r.outcome().millis());
            }
            out.flush();
            return;
        }
        output.print(
                out,
                results.stream()
                        .map(r -> {
                            var tree = new LinkedHashMap<String, Object>();
                            tree.put("port", r.entrance().label());
                            tree.put("destination", r.destination().headerValue());
                            tree.put("open", isOpen(r));
                            tree.put("stage", r.outcome().reached().name());
                            tree.put("status", r.outcome().status());
                            tree.put("explanation", r.outcome().explanation());
                            tree.put("milliseconds", r.outcome().millis());
                            return tree;
                        })
                        .toList());
    }
}
