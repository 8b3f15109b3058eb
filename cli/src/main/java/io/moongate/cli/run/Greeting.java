package io.moongate.cli.run;

import io.moongate.dataplane.gateway.Gateway;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.Route;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** What a person reads when everything is up: where it listens, and what to try. */
final class Greeting {
    private Greeting() {}

    /** For somebody who has just started it on a folder. */
    static void withExample(PrintWriter out, Path landscape, Plan plan, Gateway gateway, RunLoop.Doors doors) {
        print(out, landscape.toString(), plan, gateway, doors);
        example(plan).ifPresent(route -> printExample(out, landscape, gateway, route));
        out.flush();
    }

    static void print(PrintWriter out, String from, Plan plan, Gateway gateway, RunLoop.Doors doors) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold,green moongate is running|@ from " + from + ": "
                + plan.shoots().size() + " shoots, " + plan.gateway().routes().size() + " accepted header values"));
        for (Entrance entrance : Entrance.values()) {
            String where = gateway.bound(entrance).stream()
                    .map(Addresses::text)
                    .sorted()
                    .collect(Collectors.joining(", "));
            out.printf(
                    "  %-8s %s, header %s%n", entrance.label(), where.isEmpty() ? "closed" : where, entrance.header());
        }
        printDoors(out, doors);
        out.printf("  limit    %d tunnels (open files %d)%n", gateway.maxTunnels(), gateway.openFiles());
        out.flush();
    }

    /** For those who look and do not serve. */
    static void ofWitness(PrintWriter out, String seed, Plan plan, RunLoop.Doors doors) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold,green moongate witness is running|@ for seed " + seed + ": "
                + plan.shoots().size() + " shoots, " + plan.gateway().routes().size() + " header values"));
        printDoors(out, doors);
        out.flush();
    }

    private static void printDoors(PrintWriter out, RunLoop.Doors doors) {
        out.printf(
                "  admin    %s%n",
                doors.admin()
                        .map(where -> "http://" + Addresses.text(where) + " (/livez /readyz /metrics /config)")
                        .orElse("not open, see the problems above"));
        doors.dashboard().ifPresent(where -> out.printf("  dashboard http://%s/%n", Addresses.text(where)));
        doors.share()
                .ifPresent(where -> out.printf("  shared   http://%s (adoption, to read)%n", Addresses.text(where)));
        doors.accessLog()
                .ifPresent(where -> out.printf("  envoys   gRPC access log service on %s%n", Addresses.text(where)));
    }

    private static void printExample(PrintWriter out, Path landscape, Gateway gateway, Route route) {
        Optional<InetSocketAddress> proxy = gateway.bound(Entrance.UNIFIED).stream()
                .map(Greeting::reachable)
                .min(Comparator.comparing(Addresses::text));
        if (proxy.isEmpty()) {
            return;
        }
        out.println("\nTry, in another terminal:");
        out.printf(
                "  curl --proxytunnel --proxy http://%s --proxy-header '%s: %s' -H 'Host: localhost' http://any.name/livez%n",
                Addresses.text(proxy.get()),
                Entrance.UNIFIED.header(),
                route.destination().headerValue());
        out.printf(
                "  ./moongate probe --landscape %s --shoot %s --port unified --gateway %s --gateway-port %d%n",
                landscape,
                route.shoot(),
                proxy.get().getAddress().getHostAddress(),
                proxy.get().getPort());
        out.println("Then edit a file in the landscape: it is taken within a second. Ctrl-C drains and ends.\n");
    }

    /** An address that this machine can connect to: a wildcard stands for loopback, too. */
    static InetSocketAddress reachable(InetSocketAddress listener) {
        return listener.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(Addresses.parse("127.0.0.1").orElseThrow(), listener.getPort())
                : listener;
    }

    private static Optional<Route> example(Plan plan) {
        return plan.gateway().routes().values().stream()
                .filter(r -> r.destination().server().port() == 443)
                .min(Comparator.comparing(Route::shoot));
    }
}
