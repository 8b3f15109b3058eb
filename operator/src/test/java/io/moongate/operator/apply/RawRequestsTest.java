package io.moongate.operator.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An API server hands on what others answer: an answer is bounded in size and in time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RawRequestsTest {
    private static final int LARGEST = 1 << 20;

    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private KubernetesClient client;
    private RawRequests requests;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/good", exchange -> say(exchange, 200, "{\"a\": 1}"));
        server.createContext("/limit", exchange -> say(exchange, 200, "{}" + " ".repeat(LARGEST - 2)));
        server.createContext("/over", exchange -> say(exchange, 200, "{}" + " ".repeat(LARGEST - 1)));
        server.createContext("/refused", exchange -> say(exchange, 403, "{\"kind\": \"Status\", \"message\": \"no\"}"));
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    out.write(new byte[1 << 16]);
                }
            }
        });
        server.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        requests = new RawRequests(client, LARGEST, Duration.ofSeconds(2));
    }

    @AfterEach
    void stop() {
        over.countDown();
        client.close();
        server.stop(0);
    }

    @Test
    void whatIsWithinTheLimitsIsRead() {
        assertThat(requests.read("/good")).containsEntry("a", 1);
        assertThat(requests.read("/limit")).isEmpty();
        assertThatThrownBy(() -> requests.read("/refused"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessage("GET /refused: 403, no");
    }

    @Test
    void whatIsLargerOrSlowerIsAnError() {
        for (String path : new String[] {"/over", "/endless"}) {
            assertThatThrownBy(() -> requests.read(path))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessage("GET " + path + ": the answer is larger than " + LARGEST + " bytes");
        }
        assertThatThrownBy(() -> requests.read("/drip"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("the answer takes longer than 2 s");
        assertThat(requests.read("/good")).as("the client is none the worse").containsEntry("a", 1);
    }

    private static void say(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
