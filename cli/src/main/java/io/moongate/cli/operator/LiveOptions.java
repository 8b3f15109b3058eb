package io.moongate.cli.operator;

import io.moongate.cli.InputOptions;
import io.moongate.cli.Kubeconfig;
import io.moongate.cli.Moongate;
import io.moongate.cli.Output;
import io.moongate.cli.ProblemTrees;
import io.moongate.cli.SeedKubeconfig;
import io.moongate.cli.UserError;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.problem.Problem;
import io.moongate.operator.Operator;
import io.moongate.operator.OperatorMetrics;
import io.moongate.operator.OperatorSettings;
import io.moongate.operator.seed.Preview;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan --live}: what one pass of the operator would do to a seed as it is now. */
public final class LiveOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--live",
            description = {
                "Compare with a seed: what the operator would write there now, and which tunnels that would drain. Writes nothing.",
                "Shoots and Seeds come from the garden, DIR holds the MoongateConfiguration. Needs --seed.",
                "Exit code 2 when tunnels would be drained, or when something is missing that its owner has to change; else 1 when the input has errors. Advice leaves it at 0."
            })
    private boolean live;

    @Option(
            names = "--garden-kubeconfig",
            paramLabel = "FILE",
            description = "With --live: how to reach the garden. Default: as the seed.")
    private @Nullable Path garden;

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "moongate-system",
            description =
                    "With --live: where in the seed the operator keeps what is its own. Default: ${DEFAULT-VALUE}.")
    private String leaseNamespace = "moongate-system";

    @Option(
            names = "--gateway-service",
            paramLabel = "NAME",
            defaultValue = "moongate-gateway",
            description =
                    "With --live: the Service of our own gateways, where 'target' is Gateway. Default: ${DEFAULT-VALUE}.")
    private String gatewayService = "moongate-gateway";

    @Mixin
    private SeedKubeconfig seedKubeconfig = new SeedKubeconfig();

    public boolean asked() {
        return live;
    }

    /** @return the exit code */
    public int print(Path config, InputOptions input, Output output, PrintWriter out, PrintWriter err)
            throws InterruptedException {
        String seed = input.inputs()
                .seed()
                .orElseThrow(
                        () -> new UserError("--live compares with one seed, on the command line, name it with --seed"));
        var settings = new OperatorSettings(
                config,
                Kubeconfig.readable(garden),
                seedKubeconfig.readable(),
                seed,
                input.inputs(),
                leaseNamespace,
                gatewayService,
                "plan");
        Preview preview;
        try (var operator = new Operator(settings, new OperatorMetrics(), Supervisor.NONE, List::of)) {
            preview = operator.preview(PATIENCE);
        } catch (IllegalStateException e) {
            throw new UserError(e.getMessage() + ", with these kubeconfigs, see the warnings above");
        }
        if (output.forPeople()) {
            people(preview, out);
            Output.printProblems(err, preview.problems());
        } else {
            output.print(out, tree(preview));
        }
        return exitCode(preview);
    }

    /** An advice is no reason for another one than 0, and neither is what the operator writes by itself. */
    static int exitCode(Preview preview) {
        if (!preview.drains().isEmpty() || preview.isSomethingMissing()) {
            return Moongate.BLOCKED;
        }
        return preview.problems().stream().anyMatch(Problem::isError) ? Moongate.ERROR : Moongate.OK;
    }

    private static void people(Preview preview, PrintWriter out) {
        preview.changes().forEach(change -> out.printf("%-7s %s%n", change.verb(), change.object()));
        out.println(
                preview.changes().isEmpty()
                        ? "nothing would be written"
                        : preview.changes().size() + " writes");
        preview.drains().forEach(out::println);
        preview.waits().forEach(out::println);
        preview.advice().forEach(what -> out.println("advice: " + what));
        out.flush();
    }

    private static Map<String, Object> tree(Preview preview) {
        List<Map<String, String>> changes = preview.changes().stream()
                .map(change -> Map.of("verb", change.verb(), "object", change.object()))
                .toList();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("changes", changes);
        tree.put("drains", preview.drains());
        tree.put("waits", preview.waits());
        tree.put("advice", ProblemTrees.ofAdvice(preview.advice()));
        tree.put("problems", ProblemTrees.of(preview.problems()));
        return tree;
    }
}
