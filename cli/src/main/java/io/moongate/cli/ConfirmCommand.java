package io.moongate.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a removal happen that was held back. */
@Command(
        name = "confirm",
        mixinStandardHelpOptions = true,
        description =
                "Confirm a removal of many shoots that a running moongate holds back; the problem RemovalHeld names the id.")
final class ConfirmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The id from the problem.")
    private String id = "";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = AdminClient.DEFAULT,
            description = "The admin endpoint. Default: ${DEFAULT-VALUE}.")
    private String admin = "";

    @Override
    public Integer call() throws InterruptedException {
        if (!id.matches("[0-9a-z-]{1,60}")) {
            throw new UserError(
                    "'" + id + "' is not an id, on the command line, take it from the problem RemovalHeld on " + admin
                            + "/config");
        }
        try (var client = new AdminClient()) {
            AdminClient.Answer answer = client.post(admin, "/confirm/" + id, "{}");
            if (answer.status() != 200) {
                throw new UserError(answer.body());
            }
            spec.commandLine().getOut().println(answer.body());
            spec.commandLine().getOut().flush();
            return Moongate.OK;
        } catch (IOException e) {
            throw new UserError("the admin endpoint cannot be reached (" + e.getMessage() + "), " + admin
                    + ", give the right one with --admin");
        }
    }
}
