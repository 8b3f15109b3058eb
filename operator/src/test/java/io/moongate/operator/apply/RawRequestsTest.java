package io.moongate.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.operator.testing.StubApiServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
    private StubApiServer server;
    private RawRequests requests;

    @BeforeEach
    void start() throws IOException {
        server = new StubApiServer();
        server.on("/good", exchange -> StubApiServer.say(exchange, 200, "{\"a\": 1}"));
        server.on("/limit", exchange -> StubApiServer.say(exchange, 200, "{}" + " ".repeat(LARGEST - 2)));
        server.on("/over", exchange -> StubApiServer.say(exchange, 200, "{}" + " ".repeat(LARGEST - 1)));
        server.on(
                "/refused",
                exchange -> StubApiServer.say(exchange, 403, "{\"kind\": \"Status\", \"message\": \"no\"}"));
        server.on("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    out.write(new byte[1 << 16]);
                }
            }
        });
        server.on("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        requests = new RawRequests(server.client(), LARGEST, Duration.ofSeconds(2));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.close();
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
}
