package io.moongate.cli;

import io.moongate.dataplane.tunnel.ConnectProbe;
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
            required = true,
            paramLabel = "NAMESPACE/NAME",
            description = "The shoot, as in garden-foo/bar.")
    private String shoot = "";

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
        Folder.Planned planned = Folder.plan(Home.landscape(landscape), input);
        List<Destination> destinations = destinations(planned);
        List<Entrance> entrances = entrance == null ? List.of(Entrance.values()) : List.of(entrance);
        var results = new ArrayList<Result>();
        for (Entrance each : entrances) {
            int port = planned.plan().gateway().settings().listeners().of(each).port();
            for (Destination destination : destinations) {
                var probe = new ConnectProbe(gateway, port, each, destination, Duration.ofSeconds(timeout));
                results.add(new Result(each, destination, probe.run()));
            }
        }
        print(results);
        return results.stream().allMatch(r -> r.outcome().open()) ? Moongate.OK : Moongate.ERROR;
    }

    private List<Destination> destinations(Folder.Planned planned) {
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
                        r.outcome().open() ? "open  " : "failed",
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
                            tree.put("open", r.outcome().open());
                            tree.put("stage", r.outcome().reached().name());
                            tree.put("status", r.outcome().status());
                            tree.put("explanation", r.outcome().explanation());
                            tree.put("milliseconds", r.outcome().millis());
                            return tree;
                        })
                        .toList());
    }
}
