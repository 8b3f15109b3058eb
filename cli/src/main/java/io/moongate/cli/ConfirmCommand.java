package io.moongate.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
            defaultValue = "http://127.0.0.1:9090",
            description = "The admin endpoint. Default: ${DEFAULT-VALUE}.")
    private String admin = "";

    @Override
    public Integer call() throws InterruptedException {
        if (!id.matches("[0-9a-f-]{1,40}")) {
            throw new UserError(
                    "'" + id + "' is not an id, on the command line, take it from the problem RemovalHeld on " + admin
                            + "/config");
        }
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            var request = HttpRequest.newBuilder(URI.create(admin + "/confirm/" + id))
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new UserError(response.body().strip());
            }
            spec.commandLine().getOut().print(response.body());
            spec.commandLine().getOut().flush();
            return Moongate.OK;
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof ConnectException ? "nobody listens there" : String.valueOf(e.getMessage());
            throw new UserError("the admin endpoint cannot be reached (" + why + "), " + admin
                    + ", give the right one with --admin");
        }
    }
}
