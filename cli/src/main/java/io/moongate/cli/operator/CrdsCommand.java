package io.moongate.cli.operator;

import io.moongate.manifest.write.Trees;
import io.moongate.operator.crd.CustomResourceDefinitions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a garden needs that is not Gardener's. */
@Command(
        name = "crds",
        mixinStandardHelpOptions = true,
        description = {
            "Print the CustomResourceDefinitions of Shoot and Seed.",
            "For gardens without Gardener's own API server alone; where that serves core.gardener.cloud, leave them out."
        },
        footer = {"", "Example:", "  moongate crds | kubectl apply --server-side -f -"})
public final class CrdsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CustomResourceDefinitions.all().forEach(crd -> out.print("---\n" + Trees.yaml(crd)));
        out.flush();
        return 0;
    }
}
