package io.moongate.cli.removal;

import io.moongate.cli.AdminClient;
import io.moongate.cli.Moongate;
import io.moongate.cli.UserError;
import io.moongate.manifest.write.Trees;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The moongate that is asked, and who asks. */
final class Desk {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = AdminClient.DEFAULT,
            description = "The admin endpoint of a moongate run or witness. Default: ${DEFAULT-VALUE}.")
    private String admin = AdminClient.DEFAULT;

    @Option(names = "--as", paramLabel = "NAME", description = "Who decides, for the record. Default: the user.")
    private @Nullable String who;

    Standing standing() throws InterruptedException {
        return new Standing(get("/legacy-port"));
    }

    /** What a removal would change elsewhere, each with what it is and would be. */
    List<PlannedChange> changes() throws InterruptedException {
        return PlannedChange.of(get("/legacy-port/changes"));
    }

    private Map<?, ?> get(String page) throws InterruptedException {
        try (var client = new AdminClient()) {
            return client.get(admin, page);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Asks for a step; if it was refused, says so, and with which exit code to end. */
    Optional<Integer> ask(String step, Map<String, Object> what, PrintWriter out) throws InterruptedException {
        AdminClient.Answer answer = post(step, what);
        if (answer.status() == 200) {
            return Optional.empty();
        }
        if (answer.status() != 409) {
            throw new UserError(answer.body() + ", " + admin + ", see its log");
        }
        out.println("refused: " + answer.body());
        out.flush();
        return Optional.of(Moongate.BLOCKED);
    }

    /** Asks although the answer is known: that somebody wanted it goes on record. */
    int refused(String step, Map<String, Object> what) throws InterruptedException {
        post(step, what);
        return Moongate.BLOCKED;
    }

    private AdminClient.Answer post(String step, Map<String, Object> what) throws InterruptedException {
        var body = new LinkedHashMap<>(what);
        body.put("who", who == null ? System.getProperty("user.name", "unknown") : who);
        try (var client = new AdminClient()) {
            return client.post(admin, "/legacy-port/" + step, Trees.json(body));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private UserError unreachable(IOException e) {
        return new UserError("the admin endpoint cannot be asked (" + e.getMessage() + "), " + admin
                + ", give that of a moongate run or witness with --admin");
    }
}
