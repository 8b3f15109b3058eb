package io.moongate.cli.operator;

import io.moongate.cli.Kubeconfig;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.manifest.write.Trees;
import io.moongate.operator.crd.CustomResourceDefinitions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a garden needs that is not Gardener's. */
@Command(
        name = "crds",
        mixinStandardHelpOptions = true,
        description = {
            "Print the CustomResourceDefinitions of Shoot and Seed, or install them.",
            "For gardens without Gardener's own API server alone: where that serves core.gardener.cloud, nothing is installed and the exit code is 2."
        },
        footer = {
            "",
            "Examples:",
            "  moongate crds --install --kubeconfig garden.kubeconfig",
            "  moongate crds | kubectl apply --server-side -f -"
        })
public final class CrdsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--install", description = "Install them, unless somebody else serves their API group.")
    private boolean install;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "How to reach the garden. Default: the cluster in which this runs, else $KUBECONFIG or ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Override
    public Integer call() {
        if (install) {
            return install();
        }
        PrintWriter out = spec.commandLine().getOut();
        CustomResourceDefinitions.all().forEach(crd -> out.print("---\n" + Trees.yaml(crd)));
        out.flush();
        return 0;
    }

    private int install() {
        Optional<String> blocker;
        try {
            blocker = CustomResourceDefinitions.install(Kubeconfig.readable(kubeconfig));
        } catch (IllegalStateException e) {
            throw new UserError(e.getMessage()
                    + ", in the garden, see whether it can be reached and CustomResourceDefinitions may be written");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(blocker.map(by -> "blocked: " + by).orElse("Shoot and Seed are installed"));
        out.flush();
        return blocker.isPresent() ? Moongate.BLOCKED : Moongate.OK;
    }
}
