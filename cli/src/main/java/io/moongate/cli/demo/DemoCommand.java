package io.moongate.cli.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.cli.run.Signals;
import io.moongate.model.net.Addresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole way in a minute, on this machine alone. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Watch a small landscape move from the legacy to the unified port: real tunnels through a real gateway, on loopback.",
            "One shoot lies; the removal of the legacy port is refused, then done, then undone. About a minute; nothing is left behind."
        },
        footer = {"", "Example:", "  moongate demo --stay     # and look at the dashboard meanwhile"})
public final class DemoCommand implements Callable<Integer> {
    private static final int FEWEST = 2;
    private static final int MOST = 200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--shoots",
            paramLabel = "NUMBER",
            defaultValue = "12",
            description = "How many shoots. Default: ${DEFAULT-VALUE}.")
    private int shoots;

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "4",
            description = "How long each step is shown. Default: ${DEFAULT-VALUE}.")
    private int pause;

    @Option(names = "--stay", description = "Stay at the end, until interrupted, so that the dashboard can be seen.")
    private boolean stay;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (shoots < FEWEST || shoots > MOST || pause < 0) {
            throw new UserError("the demo has " + FEWEST + " to " + MOST
                    + " shoots and no negative pause, in --shoots or --pause, choose others");
        }
        // The story is what is to be read; what the gateway logs beside it would hide it.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        Path folder = Files.createTempDirectory("moongate-demo");
        Thread current = Thread.currentThread();
        var interrupted = new CountDownLatch(1);
        Signals.onTermination(() -> {
            interrupted.countDown();
            current.interrupt();
        });
        try {
            play(folder, interrupted);
        } catch (InterruptedException e) {
            spec.commandLine().getOut().println("\nended early; nothing is left behind");
        } finally {
            delete(folder);
        }
        return Moongate.OK;
    }

    private void play(Path folder, CountDownLatch interrupted) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path manifests = Files.createDirectories(folder.resolve("landscape"));
        List<String> names = DemoStory.names(shoots);
        try (var upstream = new EchoServer()) {
            var landscape = new DemoLandscape(manifests, upstream.port());
            landscape.configure(false);
            landscape.shoots(names);
            try (var gateway = new DemoGateway(manifests, folder.resolve("state"))) {
                var where = gateway.where();
                new DemoStory(out, Duration.ofSeconds(pause), landscape, where, DemoCommand::typed).tell(names);
                if (stay) {
                    where.dashboard()
                            .ifPresent(address -> out.println("\nthe dashboard is still on http://"
                                    + Addresses.text(address) + "/; Ctrl-C ends it"));
                    out.flush();
                    interrupted.await();
                }
            }
        }
    }

    private static int typed(PrintWriter out, List<String> command) {
        return Moongate.commandLine().setOut(out).setErr(out).execute(command.toArray(String[]::new));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
