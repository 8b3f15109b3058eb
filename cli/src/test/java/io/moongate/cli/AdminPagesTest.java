package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.admin.AdminServer;
import io.moongate.model.net.RequestGuard;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Where the admin endpoint listens for a cluster, strangers see health and metrics and nothing else. */
class AdminPagesTest {
    private final List<String> confirmed = new ArrayList<>();
    private Optional<String> hanging = Optional.empty();
    private final AdminPages.Health health = new AdminPages.Health() {
        @Override
        public Optional<String> notLive() {
            return hanging;
        }

        @Override
        public boolean ready() {
            return true;
        }
    };
    private final AdminPages pages = new AdminPages(
            new AdminPages.Local(
                    Map.of("/config", () -> Map.of("secret", "plan")),
                    Map.of("/days/", rest -> rest.equals("a/b") ? Optional.of(Map.of("of", rest)) : Optional.empty()),
                    Map.of("/legacy-port/remove", body -> {
                        confirmed.add("removed by " + body.get("who"));
                        return AdminServer.Response.text(200, "Removed");
                    })),
            new PrometheusRegistry(),
            health,
            confirmed::add);

    @Test
    void strangersSeeHealthAndMetrics() {
        for (String path : List.of("/livez", "/readyz", "/metrics")) {
            assertThat(status("GET", path, false)).as(path).isEqualTo(200);
        }
    }

    @Test
    void aLoopThatHangsFailsTheLivenessProbe() {
        hanging = Optional.of("loop 'main' has not turned for 121 s");
        assertThat(status("GET", "/livez", false)).isEqualTo(503);
        assertThat(status("GET", "/readyz", false)).isEqualTo(200);
    }

    @Test
    void strangersSeeNoPlanAndConfirmNothing() {
        assertThat(status("GET", "/config", false)).isEqualTo(403);
        assertThat(status("POST", "/confirm/x", false)).isEqualTo(403);
        assertThat(status("GET", "/days/a/b", false)).isEqualTo(403);
        assertThat(confirmed).isEmpty();
    }

    @Test
    void theMachineItselfDoes() {
        assertThat(status("GET", "/config", true)).isEqualTo(200);
        assertThat(status("GET", "/days/a/b", true)).isEqualTo(200);
        assertThat(pages.answer(new AdminServer.Request("GET", "/days/a/c", "", "", true)))
                .isEmpty();
        assertThat(status("POST", "/confirm/x", true)).isEqualTo(200);
        assertThat(confirmed).containsExactly("x");
    }

    @Test
    void actionsAreForThisMachineAndForNoPageInItsBrowser() {
        assertThat(act("application/json", "{\"who\":\"anna\"}", false)).isEqualTo(403);
        assertThat(act("text/plain", "{\"who\":\"anna\"}", true)).isEqualTo(415);
        assertThat(act("application/json", "{\"who\":", true)).isEqualTo(400);
        assertThat(status("GET", "/legacy-port/remove", true)).isEqualTo(405);
        assertThat(confirmed).isEmpty();
        assertThat(act("application/json", "{\"who\":\"anna\"}", true)).isEqualTo(200);
        assertThat(confirmed).containsExactly("removed by anna");
    }

    /** Before the first plan is in force. */
    @Test
    void whatIsNotKnownYetIsAskedForAgain() throws Exception {
        var early = new AdminPages(
                AdminPages.Local.config(() -> {
                    throw new AdminServer.NotYet("nothing is in force yet");
                }),
                new PrometheusRegistry(),
                health,
                id -> true);
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new AdminServer(anyPort, early, RequestGuard.STRICT);
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(get(server, "/config"), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("nothing is in force yet\n");
        }
    }

    /** A probe that waits behind a large page would end a process that serves. */
    @Test
    void healthAndMetricsDoNotWaitForAPage() throws Exception {
        var begun = new CountDownLatch(1);
        var finish = new CompletableFuture<Map<String, Object>>();
        var slow = new AdminPages(
                AdminPages.Local.config(() -> {
                    begun.countDown();
                    return finish.join();
                }),
                new PrometheusRegistry(),
                health,
                id -> true);
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var server = new AdminServer(anyPort, slow, RequestGuard.STRICT);
                var client = HttpClient.newHttpClient();
                Closeable unblock = () -> finish.complete(Map.of("secret", "plan"))) {
            var page = client.sendAsync(get(server, "/config"), BodyHandlers.ofString());
            begun.await();
            for (String path : List.of("/livez", "/readyz", "/metrics")) {
                assertThat(client.send(get(server, path), BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(page).isNotDone();
            unblock.close();
            assertThat(page.get().body()).contains("plan");
        }
    }

    private static HttpRequest get(AdminServer server, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private int act(String type, String body, boolean local) {
        return pages.answer(new AdminServer.Request("POST", "/legacy-port/remove", type, body, local))
                .orElseThrow()
                .status();
    }

    private int status(String method, String path, boolean local) {
        return pages.answer(new AdminServer.Request(method, path, "", "", local))
                .orElseThrow()
                .status();
    }
}
