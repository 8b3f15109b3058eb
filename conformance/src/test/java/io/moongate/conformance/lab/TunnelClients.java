package io.moongate.conformance.lab;

import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The clients of many shoots, on a host of the lab: see tunnel_clients.py. */
public final class TunnelClients implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    public TunnelClients(Lab lab) throws IOException {
        process = new ProcessBuilder(List.of(
                        "ip",
                        "netns",
                        "exec",
                        lab.shoot(),
                        "python3",
                        Path.of("src/test/resources/tunnel_clients.py")
                                .toAbsolutePath()
                                .toString()))
                .redirectError(lab.folder().resolve("clients.log").toFile())
                .start();
        commands = process.outputWriter();
        answers = process.inputReader();
    }

    /**
     * How one shoot's client is.
     *
     * @param refused how often it dialled for nothing
     */
    public record State(int port, boolean up, long pings, long cut, long refused) {}

    /** Begins, or goes on from another port. */
    public void dial(String shoot, String source, int port, Entrance entrance) throws IOException {
        ask("dial %s %s %s %d %s %s"
                .formatted(
                        shoot, source, Lab.SEED_IP, port, entrance.header(), Plans.apiServer("shoot--test--" + shoot)));
    }

    public Map<String, State> report() throws IOException {
        var states = new LinkedHashMap<String, State>();
        var answer = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(ask("report"));
        answer.forEach((name, state) -> {
            var fields = (Map<?, ?>) state;
            states.put(
                    String.valueOf(name),
                    new State(
                            ((Number) fields.get("port")).intValue(),
                            Boolean.TRUE.equals(fields.get("up")),
                            ((Number) fields.get("pings")).longValue(),
                            ((Number) fields.get("cut")).longValue(),
                            ((Number) fields.get("refused")).longValue()));
        });
        return states;
    }

    private synchronized String ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the clients have ended, see clients.log");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.destroy();
    }
}
