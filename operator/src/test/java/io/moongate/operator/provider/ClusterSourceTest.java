package io.moongate.operator.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.moongate.model.problem.Problem;
import io.moongate.operator.testing.StubApiServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
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
    private StubApiServer server;
    private ClusterSource source;

    @BeforeEach
    void start() throws IOException {
        server = new StubApiServer();
        server.on(SERVICES, this::listOrWatch);
        server.on("/api/v1/namespaces/x/services/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean away = failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            StubApiServer.say(exchange, away ? 500 : 200, away ? "{}" : service(path.substring(path.length() - 1), 1));
        });
        source = new ClusterSource("seed", server.client(), () -> {}, 2, Duration.ofMillis(50));
        source.watch(List.of(new WatchedKind("", "v1", "Service", "services", true, "", Set.of())));
        await().atMost(Duration.ofSeconds(20)).until(source::complete);
    }

    @AfterEach
    void stop() {
        events.add(END);
        source.close();
        server.close();
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
            StubApiServer.say(
                    exchange, 200, "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [" + items + "]}");
        } else if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // Then the client reads lines instead.
            StubApiServer.say(exchange, 503, "{}");
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
}
