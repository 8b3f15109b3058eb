package io.moongate.cli.removal;

import io.moongate.cli.Moongate;
import io.moongate.cli.Output;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** From the question whether anybody needs port 8132 to its end, and back. */
@Command(
        name = "legacy-port",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Close the legacy port without fear: see who needs it, remove it once nobody does, bring it back.",
            "A shoot blocks while it was seen there within evidence.window, whatever else is said of it; or while nobody can tell.",
        },
        footer = {
            "",
            "In this order:",
            "  moongate legacy-port check      who needs it, by name and reason; exit code 2 while somebody does",
            "  moongate legacy-port plan       what a removal would close, and whose tunnels would end",
            "  moongate legacy-port remove     do it; it can be undone",
            "  moongate legacy-port restore    undo it"
        })
public final class LegacyPortCommand implements Runnable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which step? check, plan, remove or restore");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Show who needs the legacy port, with class, reason and last use; who passes with a note; who is exempted.",
                "Exit code 2 while somebody needs it."
            })
    int check(@Mixin Desk desk, @Mixin Output output) throws InterruptedException {
        Standing standing = desk.standing();
        if (output.forPeople()) {
            new StandingPrinter(out()).check(standing);
        } else {
            output.print(out(), standing.tree());
        }
        return standing.isNeeded() ? Moongate.BLOCKED : Moongate.OK;
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = {
                "Show what a removal would close, whose tunnels would end, and until when it could be undone; and each object that",
                "it would change or delete, line by line. Nothing is changed.",
                "Exit code 2 while somebody needs the legacy port."
            })
    int plan(
            @Mixin Desk desk,
            @Mixin Output output,
            @Option(names = "--full", description = "Show all lines of long differences.") boolean full)
            throws InterruptedException {
        Standing standing = desk.standing();
        List<PlannedChange> changes = desk.changes();
        if (output.forPeople()) {
            new StandingPrinter(out()).plan(standing);
            if (standing.gardenlets().isEmpty()) {
                new DifferencePrinter(out(), full).print(changes);
            } else if (standing.isOpen()) {
                new GardenletPrinter(out()).change(standing.gardenlets());
            }
            out().flush();
        } else {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("removable", standing.removable());
            tree.put("summary", standing.summary());
            tree.put("closes", standing.listening());
            tree.put("changes", changes.stream().map(PlannedChange::tree).toList());
            tree.put("ends", standing.ends());
            output.print(out(), tree);
        }
        return standing.isNeeded() ? Moongate.BLOCKED : Moongate.OK;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = {
                "Close the legacy port: its listeners, and the tunnels that are left evenly over removal.pace.",
                "In a cluster the operator takes it out of the Services first. Beside a Gardener gardenlet does it: set its gate.",
                "Refused with exit code 2 while somebody needs it. Until removal.rollbackWindow is over, and as long as",
                "nobody has made it final, 'restore' brings it back."
            })
    int remove(
            @Mixin Desk desk,
            @Option(names = "--yes", description = "Do not ask.") boolean yes,
            @Option(names = "--no-wait", description = "Do not wait until the last tunnel has ended.") boolean noWait,
            @Option(
                            names = "--final",
                            description =
                                    "Make a removal final, once removal.rollbackWindow is over. This cannot be undone.")
                    boolean forGood)
            throws InterruptedException {
        Standing standing = desk.standing();
        if (standing.isNeeded()) {
            new StandingPrinter(out()).check(standing);
            out().println("\nrefused; nothing was changed");
            out().flush();
            return desk.refused("remove", Map.of("final", forGood));
        }
        if (!forGood && standing.isOpen()) {
            new StandingPrinter(out()).plan(standing);
        } else if (forGood) {
            out().println("After this the legacy port cannot be restored, and the gate UseUnifiedHTTPProxyPort moves"
                    + " no shoot back. This is the point of no return.");
        }
        Asking.confirm(out(), forGood ? "final" : "remove", yes);
        Optional<Integer> refused = desk.ask("remove", Map.of("final", forGood), out());
        if (refused.isPresent()) {
            return refused.get();
        }
        if (forGood) {
            out().println("the removal is final");
            out().flush();
            return Moongate.OK;
        }
        new GardenletPrinter(out()).change(standing.gardenlets());
        if (noWait) {
            out().println("the legacy port closes; 'moongate legacy-port check' tells how far it is");
        } else {
            if (!standing.gardenlets().isEmpty()) {
                out().println("this waits until the port is gone; you can stop it, the witness goes on watching");
            }
            out().flush();
            waitUntilClosed(desk);
        }
        out().flush();
        return Moongate.OK;
    }

    private void waitUntilClosed(Desk desk) throws InterruptedException {
        long before = -1;
        while (true) {
            Standing standing = desk.standing();
            long left = standing.tunnels();
            if (standing.isOpen()) {
                out().println("somebody has restored it meanwhile");
                return;
            }
            if (standing.listening().isEmpty() && left == 0) {
                out().println("the legacy port is closed; 'moongate legacy-port restore' brings it back"
                        + (standing.gardenlets().isEmpty()
                                ? ""
                                : ", when gardenlet's gate " + GardenletPrinter.GATE + " is off again")
                        + standing.rollbackUntil()
                                .map(until -> ", for sure until " + until)
                                .orElse(""));
                return;
            }
            if (left != before) {
                out().println("closing: " + left + " tunnels left");
                out().flush();
            }
            before = left;
            Thread.sleep(LOOK_EVERY);
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = "Open the legacy port again. Tunnels that have not ended yet stay.")
    int restore(@Mixin Desk desk) throws InterruptedException {
        Optional<Integer> refused = desk.ask("restore", Map.of(), out());
        if (refused.isPresent()) {
            return refused.get();
        }
        Standing standing = desk.standing();
        if (standing.listening().isEmpty()) {
            new GardenletPrinter(out()).changeBack(standing.gardenlets());
        }
        while (standing.listening().isEmpty()) {
            Thread.sleep(LOOK_EVERY);
            standing = desk.standing();
        }
        out().println("the legacy port is open again: " + String.join(", ", standing.listening()));
        out().flush();
        return Moongate.OK;
    }
}
