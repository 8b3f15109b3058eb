package io.moongate.operator.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.moongate.model.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watch beside an API server that has more Services than there is room for. */
class ClusterSourceTest {
    private static final String SERVICES = "/api/v1/services";
    private static final String END = "";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger failing = new AtomicInteger();
    private HttpServer server;
    private KubernetesClient client;
    private ClusterSource source;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(SERVICES, this::listOrWatch);
        server.createContext("/api/v1/namespaces/x/services/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean away = failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            say(exchange, away ? 500 : 200, away ? "{}" : service(path.substring(path.length() - 1), 1));
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        source = new ClusterSource("seed", client, () -> {}, 2, Duration.ofMillis(50));
        source.watch(List.of(new WatchedKind("", "v1", "Service", "services", true, "", Set.of())));
        await().atMost(Duration.ofSeconds(20)).until(source::complete);
    }

    @AfterEach
    void stop() {
        events.add(END);
        source.close();
        client.close();
        server.stop(0);
    }

    @Test
    void whatThereWasNoRoomForIsTakenOnceThereIs() {
        assertThat(names()).containsExactly("a", "b");
        assertThat(source.problems()).extracting(Problem::code).containsExactly(Problem.Code.LIMIT_EXCEEDED);
        failing.set(2);
        events.add("{\"type\": \"DELETED\", \"object\": " + service("a", 2) + "}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(names()).containsExactly("b", "c"));
        assertThat(source.problems()).as("d is still not taken").hasSize(1);
        events.add("{\"type\": \"DELETED\", \"object\": " + service("b", 3) + "}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(names()).containsExactly("c", "d"));
        assertThat(source.problems()).isEmpty();
    }

    private List<String> names() {
        return source.objects().stream().map(m -> m.ref().name()).sorted().toList();
    }

    private void listOrWatch(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (!query.contains("watch=true")) {
            String items = service("a", 1) + "," + service("b", 1) + "," + service("c", 1) + "," + service("d", 1);
            say(exchange, 200, "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [" + items + "]}");
        } else if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // Then the client reads lines instead.
            say(exchange, 503, "{}");
        } else {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.flush();
                for (String event = events.take(); !event.equals(END); event = events.take()) {
                    out.write((event + "\n").getBytes(UTF_8));
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String service(String name, int version) {
        return """
                {"apiVersion": "v1", "kind": "Service",
                 "metadata": {"name": "%s", "namespace": "x", "resourceVersion": "%d"},
                 "spec": {"ports": [{"port": 443}]}}""".formatted(name, version).replace("\n", "");
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
