package io.moongate.conformance.lab;

import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The admin endpoint of a process of ours, on a free port that its configuration is to name. */
public final class Admin implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();

    public Admin() throws IOException {}

    public int port() {
        return port;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return request(HttpRequest.newBuilder().GET(), path);
    }

    public HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return request(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), path);
    }

    private HttpResponse<String> request(HttpRequest.Builder builder, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(
                builder.uri(uri)
                        .header(RequestGuard.TOOL_HEADER, "true")
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public String config() throws IOException, InterruptedException {
        return get("/config").body();
    }

    /** The value of one series. */
    public double metric(String series) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(l -> l.startsWith(series + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    /** The sum of all series of a metric. */
    public double sum(String metric) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(l -> l.startsWith(metric + "{") || l.startsWith(metric + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
