package io.moongate.cli.demo;

import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/** What the demo tells, step by step. Everything in it really happens; only the shoots are small. */
final class DemoStory {
    private static final int STEPS = 7;
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final PrintWriter out;
    private final Duration pause;
    private final DemoLandscape landscape;
    private final DemoGateway.Where where;
    private final Moongates moongate;
    private final Map<String, DemoClient> clients = new LinkedHashMap<>();
    private int step;

    /** Runs a command of ours, as if it had been typed; returns its exit code. */
    interface Moongates {
        int run(PrintWriter out, List<String> command);
    }

    DemoStory(PrintWriter out, Duration pause, DemoLandscape landscape, DemoGateway.Where where, Moongates moongate) {
        this.out = out;
        this.pause = pause;
        this.landscape = landscape;
        this.where = where;
        this.moongate = moongate;
    }

    static List<String> names(int shoots) {
        var names = new ArrayList<String>();
        names.add(DemoLandscape.LIAR);
        IntStream.range(1, shoots).forEach(i -> names.add("shoot-%02d".formatted(i)));
        return names;
    }

    void tell(List<String> names) throws IOException, InterruptedException {
        try {
            everybodyOnTheLegacyPort(names);
            theGateGoesOn(names);
            removalIsRefused();
            theLiarIsMended();
            removal();
            restore();
            end();
        } finally {
            for (DemoClient client : clients.values()) {
                client.close();
            }
        }
    }

    private void everybodyOnTheLegacyPort(List<String> names) throws InterruptedException {
        say(names.size() + " shoots, each with a tunnel on the legacy port, and traffic in it");
        where.dashboard().ifPresent(address -> out.println("   watch it: http://" + Addresses.text(address) + "/"));
        for (String name : names) {
            clients.put(name, new DemoClient(DemoLandscape.technicalId(name), where.entrances()));
        }
        until(() -> clients.values().stream().allMatch(DemoClient::isUp));
        rest();
    }

    private void theGateGoesOn(List<String> names) throws IOException, InterruptedException {
        say(
                "the gate UseUnifiedHTTPProxyPort goes on: shoot by shoot moves to the unified port. One says so, and does not");
        landscape.configure(true);
        landscape.declareMoved(DemoLandscape.LIAR, Duration.ofMinutes(10));
        for (String name : names) {
            if (!name.equals(DemoLandscape.LIAR)) {
                move(name);
                landscape.declareMoved(name, Duration.ZERO);
                sleep(pause.dividedBy(names.size()));
            }
        }
        counters();
        rest();
    }

    private void move(String name) throws IOException, InterruptedException {
        DemoClient client = client(name);
        client.move();
        until(() -> client.isUp() && client.entrance() == Entrance.UNIFIED);
    }

    private DemoClient client(String name) {
        DemoClient client = clients.get(name);
        if (client == null) {
            throw new IllegalStateException("the demo has no shoot " + name);
        }
        return client;
    }

    private void removalIsRefused() throws InterruptedException {
        say(
                "somebody wants to remove the legacy port. It is refused: what real tunnels do counts, not what a condition says");
        // Until what the others did before they moved has left the evidence window, they need it as well.
        until(() -> run("adoption", "--finding", "UsesLegacyPort,NotMoved,NotObserved", "-o", "csv")
                        .strip()
                        .lines()
                        .count()
                == 1);
        type("legacy-port", "remove", "--yes", "--as", "anna");
        rest();
    }

    private void theLiarIsMended() throws IOException, InterruptedException {
        say(
                "the liar's client is found and configured anew; its last use of the legacy port leaves the evidence window");
        move(DemoLandscape.LIAR);
        landscape.declareMoved(DemoLandscape.LIAR, Duration.ZERO);
        until(() -> code("legacy-port", "check", "-o", "json") == 0);
        type("legacy-port", "check");
        rest();
    }

    private void removal() throws InterruptedException {
        say("now nothing blocks: the legacy port is removed");
        type("legacy-port", "remove", "--yes", "--as", "anna");
        counters();
        rest();
    }

    private void restore() throws InterruptedException {
        say("somebody has changed their mind: it is restored. Nobody's tunnel has noticed");
        type("legacy-port", "restore", "--as", "otto");
        rest();
    }

    private void end() {
        say("the end");
        counters();
        long cut = clients.values().stream().mapToLong(DemoClient::cut).sum();
        out.println("   tunnels cut by all this, but for each shoot's own move: " + cut);
        out.flush();
    }

    private void say(String what) {
        step++;
        out.println();
        out.println(Ansi.AUTO.string("@|bold,green " + step + "/" + STEPS + "|@ @|bold " + what + "|@"));
        out.flush();
    }

    private void counters() {
        out.println("   unified " + up(Entrance.UNIFIED) + " tunnels, legacy " + up(Entrance.LEGACY) + " tunnels, "
                + clients.values().stream().mapToLong(DemoClient::answered).sum() + " messages answered");
        out.flush();
    }

    private long up(Entrance entrance) {
        return clients.values().stream()
                .filter(c -> c.isUp() && c.entrance() == entrance)
                .count();
    }

    /** Lets the counters run, for people. */
    private void rest() throws InterruptedException {
        if (pause.isZero()) {
            counters();
            return;
        }
        long end = System.nanoTime() + pause.toNanos();
        while (System.nanoTime() < end) {
            counters();
            sleep(Duration.ofSeconds(1));
        }
    }

    private void type(String... command) {
        out.println(Ansi.AUTO.string("   @|faint $ moongate " + String.join(" ", command) + "|@"));
        out.println(run(command).strip().indent(3).stripTrailing());
        out.flush();
    }

    private String run(String... command) {
        var output = new StringWriter();
        moongate.run(new PrintWriter(output), withAdmin(command));
        return output.toString();
    }

    private int code(String... command) {
        return moongate.run(new PrintWriter(Writer.nullWriter()), withAdmin(command));
    }

    private List<String> withAdmin(String... command) {
        var all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--admin", "http://" + Addresses.text(where.admin())));
        return all;
    }

    private static void until(BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(LONGEST_WAIT_SECONDS).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the demo waits in vain, more than " + LONGEST_WAIT_SECONDS + " s");
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
