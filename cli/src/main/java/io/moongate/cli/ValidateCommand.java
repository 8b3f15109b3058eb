package io.moongate.cli;

import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a folder of manifests and says what is wrong with it. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Check a folder of manifests; exit code 1 if anything in it cannot be taken.")
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The folder that holds the manifests.")
    private Path folder = Path.of(".");

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Folder.Planned planned = Folder.plan(folder, input);
        var out = spec.commandLine().getOut();
        if (output.forPeople()) {
            Output.printProblems(out, planned.problems());
            long errors = BoundedProblems.count(
                    planned.problems().stream().filter(Problem::isError).toList());
            long all = BoundedProblems.count(planned.problems());
            out.printf(
                    "%d shoots, %d errors, %d warnings%n",
                    planned.plan().shoots().size(), errors, all - errors);
            out.flush();
        } else {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("shoots", planned.plan().shoots().size());
            tree.put("problems", ProblemTrees.of(planned.problems()));
            output.print(out, tree);
        }
        return planned.hasErrors() ? Moongate.ERROR : Moongate.OK;
    }
}
