package io.moongate.cli.adoption;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Where reports come from: the page {@code /adoption} of running moongates. */
final class Sources implements AutoCloseable {
    /** Ten thousand shoots are about 10 MB. */
    private static final int LARGEST = 256 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Set<String> admins;

    Sources(List<String> admins) {
        this.admins = new LinkedHashSet<>(admins);
    }

    /** @param failures what could not be read, each in a sentence with the way out */
    record Reports(List<Map<?, ?>> all, List<String> failures) {}

    Reports read() throws InterruptedException {
        var all = new ArrayList<Map<?, ?>>();
        var failures = new ArrayList<String>();
        for (String admin : admins) {
            try {
                all.add(read(admin));
            } catch (IOException | IllegalArgumentException | YamlEngineException e) {
                String why = e instanceof ConnectException ? "nobody listens there" : String.valueOf(e.getMessage());
                failures.add("the report cannot be read (" + why + "), " + admin
                        + "/adoption, give the admin endpoint of a moongate run with --admin");
            }
        }
        return new Reports(all, failures);
    }

    private Map<?, ?> read(String admin) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(admin + "/adoption"))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + " " + response.body().strip());
        }
        var settings = LoadSettings.builder().setCodePointLimit(LARGEST).build();
        if (new Load(settings).loadFromString(response.body()) instanceof Map<?, ?> report) {
            return report;
        }
        throw new IOException("it is no report");
    }

    @Override
    public void close() {
        client.close();
    }
}
