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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Speaks with the admin endpoint of a running moongate. */
public final class AdminClient implements AutoCloseable {
    public static final String DEFAULT = "http://127.0.0.1:9090";

    /** Ten thousand shoots are about 10 MB. */
    static final int LARGEST_ANSWER = 64 << 20;

    /** For a whole answer: a slow sender ends no process, and holds up no other. */
    static final int ANSWER_SECONDS = 60;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final long largest;
    private final Duration longest;

    public AdminClient() {
        this(LARGEST_ANSWER, Duration.ofSeconds(ANSWER_SECONDS));
    }

    /**
     * @param largest answer that is taken, in bytes
     * @param longest time for one request and its whole answer
     */
    public AdminClient(long largest, Duration longest) {
        this.largest = largest;
        this.longest = longest;
    }

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
            // The request's own timeout ends with the head of the answer.
            CompletableFuture<HttpResponse<String>> sent = client.sendAsync(
                    request.header(RequestGuard.TOOL_HEADER, "true").build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), largest));
            try {
                HttpResponse<String> response = sent.get(longest.toMillis(), TimeUnit.MILLISECONDS);
                return new Answer(response.statusCode(), response.body().strip());
            } finally {
                sent.cancel(true);
            }
        } catch (TimeoutException e) {
            throw new IOException("its answer takes longer than " + longest.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof ConnectException) {
            return new IOException("nobody listens there", cause);
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
