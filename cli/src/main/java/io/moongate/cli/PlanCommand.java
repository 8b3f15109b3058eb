package io.moongate.cli;

import io.moongate.cli.operator.LiveOptions;
import io.moongate.manifest.file.OutputFolder;
import io.moongate.manifest.write.Trees;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GeneratedFile;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.ShootPlan;
import io.moongate.plan.translate.GatewayView;
import io.moongate.plan.translate.ShootFiles;
import io.moongate.plan.translate.istio.IstioObjects;
import io.moongate.plan.translate.shoot.ShootObjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A dry run: what would be, and what would change. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Print what a folder of manifests leads to, without doing it.",
        footer = {
            "",
            "Examples:",
            "  moongate plan examples/landscape",
            "  moongate plan examples/landscape --feature-gates UseUnifiedHTTPProxyPort=true --diff --output out",
            "  moongate plan /etc/moongate --live --seed seed-1"
        })
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The folder that holds the manifests.")
    private Path folder = Path.of(".");

    @Option(names = "--diff", description = "Show what 'run --output' would change in the folder given with --output.")
    private boolean diff;

    @Option(names = "--output", paramLabel = "DIR", description = "The folder to compare with; see --diff.")
    private @Nullable Path compareWith;

    @Option(
            names = "--objects",
            description =
                    "Print the objects for the seed as manifests, for 'kubectl apply --server-side -f -'; none where the target is Gateway.")
    private boolean objects;

    @Option(
            names = "--shoot",
            paramLabel = "NAMESPACE/NAME",
            description =
                    "With --objects: the objects for this shoot's own cluster instead, as the operator writes them where ownership.shoots is Manage.")
    private @Nullable String shoot;

    @Mixin
    private LiveOptions live = new LiveOptions();

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (live.asked()) {
            return live.print(
                    folder,
                    input,
                    output,
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr());
        }
        Folder.Planned planned = Folder.plan(folder, input);
        PrintWriter out = spec.commandLine().getOut();
        List<GeneratedFile> files = ShootFiles.of(planned.plan());
        if (objects || shoot != null) {
            objects(planned.plan()).forEach(object -> out.print("---\n" + Trees.yaml(object.tree())));
            out.flush();
        } else if (diff) {
            printDifferences(out, files);
        } else if (output.forPeople()) {
            printShoots(out, planned);
        } else {
            output.print(out, tree(planned, files));
        }
        Output.printProblems(
                spec.commandLine().getErr(), output.forPeople() || diff || objects ? planned.problems() : List.of());
        return planned.hasErrors() ? Moongate.ERROR : Moongate.OK;
    }

    private List<ClusterObject> objects(Plan plan) {
        if (shoot == null) {
            return IstioObjects.of(plan);
        }
        List<String> missing = plan.configuration().components().missing();
        if (!missing.isEmpty()) {
            throw new UserError("the templates of the shoots' components need " + String.join(", ", missing)
                    + ", in the MoongateConfiguration, set them");
        }
        return plan.shoots().stream()
                .filter(s -> s.shoot().toString().equals(shoot))
                .findFirst()
                .map(s -> ShootObjects.of(s, plan.configuration().components(), OutputFolder::render)
                        .all())
                .orElseThrow(() -> new UserError(
                        "no such shoot '" + shoot + "', in the landscape, give one that 'moongate plan' lists"));
    }

    private void printDifferences(PrintWriter out, List<GeneratedFile> files) throws IOException {
        if (compareWith == null) {
            throw new UserError("--diff needs something to compare with, on the command line, add --output DIR");
        }
        List<OutputFolder.Difference> differences = new OutputFolder(compareWith).compare(files);
        if (output.forPeople()) {
            differences.forEach(d -> out.print(Diff.unified(d.path(), d.before(), d.after())));
            out.printf("%d of %d files would change%n", differences.size(), files.size());
            out.flush();
        } else {
            output.print(out, differences.stream().map(PlanCommand::tree).toList());
        }
    }

    private static Object tree(OutputFolder.Difference difference) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("path", difference.path());
        tree.put(
                "change",
                difference.before().isEmpty() ? "create" : difference.after().isEmpty() ? "delete" : "update");
        return tree;
    }

    private static void printShoots(PrintWriter out, Folder.Planned planned) {
        var rows = planned.plan().shoots().stream().map(PlanCommand::row).toList();
        Output.table(out, List.of("SHOOT", "TECHNICAL ID", "CLIENTS USE", "VPN CLIENTS", "API SERVER PROXY"), rows);
        out.printf(
                "%n%d shoots, %d accepted header values%n",
                rows.size(), planned.plan().gateway().routes().size());
        out.flush();
    }

    private static List<String> row(ShootPlan shoot) {
        return List.of(
                shoot.shoot().toString(),
                shoot.technicalId(),
                shoot.vpnClients().isEmpty() && shoot.apiServerProxy().isEmpty()
                        ? "-"
                        : shoot.entrance().label(),
                Integer.toString(shoot.vpnClients().size()),
                shoot.apiServerProxy().map(p -> "on " + p.advertisedIp()).orElse("-"));
    }

    private static Object tree(Folder.Planned planned, List<GeneratedFile> files) {
        var contents = new LinkedHashMap<String, Object>();
        files.forEach(f -> contents.put(f.path(), OutputFolder.render(f)));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("gateway", GatewayView.of(planned.plan().gateway()));
        tree.put("files", contents);
        tree.put(
                "objects",
                IstioObjects.of(planned.plan()).stream()
                        .map(ClusterObject::tree)
                        .toList());
        tree.put("problems", ProblemTrees.of(planned.problems()));
        return tree;
    }
}
