package io.moongate.cli;

import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Speaks with the admin endpoint of a running moongate. */
public final class AdminClient implements AutoCloseable {
    public static final String DEFAULT = "http://127.0.0.1:9090";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** What was answered. */
    public record Answer(int status, String body) {}

    /** @throws IOException with the reason in words */
    public Map<?, ?> get(String admin, String path) throws IOException, InterruptedException {
        Answer answer = send(HttpRequest.newBuilder(uri(admin, path)).timeout(Duration.ofSeconds(30)));
        if (answer.status() != 200) {
            throw new IOException(answer.status() + " " + answer.body());
        }
        return JsonObjects.parse(answer.body()).orElseThrow(() -> new IOException("what it answers is no report"));
    }

    public Answer post(String admin, String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(admin, path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static URI uri(String admin, String path) throws IOException {
        try {
            return URI.create(admin.replaceFirst("/$", "") + path);
        } catch (IllegalArgumentException e) {
            throw new IOException("it is no URL", e);
        }
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try {
            HttpResponse<String> response = client.send(
                    request.header(RequestGuard.TOOL_HEADER, "true").build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body().strip());
        } catch (ConnectException e) {
            throw new IOException("nobody listens there", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
