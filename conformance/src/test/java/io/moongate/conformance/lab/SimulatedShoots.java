package io.moongate.conformance.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Many shoots' API servers, for which there would be no memory, out of one real one: each is a door whose kube-system is
 * a namespace of its own behind it.
 */
public final class SimulatedShoots implements AutoCloseable {
    private static final String KUBE_SYSTEM = "kube-system";
    private static final Set<String> PASSED = Set.of("content-type", "accept", "authorization");

    private final Cluster cluster;
    private final HttpClient http;
    private final List<HttpServer> doors = new ArrayList<>();

    public SimulatedShoots(Cluster cluster) throws GeneralSecurityException {
        this.cluster = cluster;
        this.http = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    /** A new one; its kubeconfig, as a Secret's value. */
    public String open(String name) throws IOException {
        cluster.kubectl("create", "namespace", name);
        var door = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        door.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        door.createContext("/", exchange -> pass(exchange, name));
        door.start();
        doors.add(door);
        return Kubeconfigs.onPort(door.getAddress().getPort());
    }

    private void pass(HttpExchange exchange, String name) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString().replace("/" + KUBE_SYSTEM, "/" + name);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\"" + KUBE_SYSTEM + "\"", "\"" + name + "\"");
            var request = HttpRequest.newBuilder(URI.create("https://" + cluster.address() + ":6443" + path))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(body));
            exchange.getRequestHeaders().forEach((header, values) -> {
                if (PASSED.contains(header.toLowerCase(java.util.Locale.ROOT))) {
                    request.header(header, values.getFirst());
                }
            });
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            byte[] back = answer.body()
                    .replace("\"" + name + "\"", "\"" + KUBE_SYSTEM + "\"")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            answer.headers().firstValue("content-type").orElse("application/json"));
            exchange.sendResponseHeaders(answer.statusCode(), back.length == 0 ? -1 : back.length);
            exchange.getResponseBody().write(back);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lab's API servers sign for themselves. */
    private static SSLContext trusting() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        var everybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        context.init(null, new TrustManager[] {everybody}, null);
        return context;
    }

    @Override
    public void close() {
        doors.forEach(door -> door.stop(0));
        http.shutdownNow();
    }
}
