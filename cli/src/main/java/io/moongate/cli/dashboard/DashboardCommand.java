package io.moongate.cli.dashboard;

import static java.util.stream.Collectors.joining;

import io.moongate.adoption.dashboard.Dashboard;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.cli.peer.Peer;
import io.moongate.cli.peer.Peers;
import io.moongate.cli.run.Signals;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The dashboard alone, for any number of running moongates. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description = {
            "Serve the web dashboard for any number of running moongates, as one landscape.",
            "moongate run and moongate witness serve their own; this is for several. It shows and changes nothing."
        },
        footer = {
            "",
            "Examples, two seeds by their contexts of the kubeconfig, and two by port-forward:",
            "  moongate dashboard --context seed-1 --context seed-2",
            "  moongate dashboard --admin http://127.0.0.1:9090 --admin http://127.0.0.1:9092"
        })
public final class DashboardCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Peers peers = new Peers();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen. Everybody who reaches it may see all. Default: ${DEFAULT-VALUE}.")
    private String address = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "A name under which browsers ask for it, beside IP addresses and localhost; repeat it for several.")
    private List<String> hosts = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        var where = new InetSocketAddress(
                Addresses.parse(address)
                        .orElseThrow(() -> new UserError(
                                "'" + address + "' is not an IP address, in --address, write it as 127.0.0.1 or ::1")),
                port);
        var ended = new CountDownLatch(1);
        Signals.onTermination(ended::countDown);
        List<Peer> all = peers.open();
        try (var dashboard = new Dashboard(
                where, new RemoteSource(all), Optional.empty(), new RequestGuard(Set.copyOf(hosts), false))) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("the dashboard is on http://" + Addresses.text(dashboard.address()) + "/, for "
                    + all.stream().map(Peer::name).collect(joining(", ")));
            out.flush();
            ended.await();
            return Moongate.OK;
        } catch (IOException e) {
            throw new UserError(e.getMessage() + ", on the command line, choose another with --port");
        } finally {
            all.forEach(Peer::close);
        }
    }
}
