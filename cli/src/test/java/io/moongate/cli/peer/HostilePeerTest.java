package io.moongate.cli.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.moongate.adoption.report.MergedReport;
import io.moongate.cli.AdminClient;
import io.moongate.cli.JsonObjects;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one of several moongates answers costs its own rows alone: not the others, not the process. */
class HostilePeerTest {
    private static final int LARGEST = 1 << 20;
    private static final String GOOD = """
            {"at": "%s", "from": "2026-03-01T00:00:00Z", "unseenSeconds": 0,
             "shoots": [{"shoot": "garden-a/one", "finding": "Moved", "blocks": false}]}""";

    private HttpServer server;
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/good/", exchange -> say(exchange, GOOD.formatted(Instant.now())));
        server.createContext("/limit/", exchange -> {
            String good = GOOD.formatted(Instant.now());
            say(exchange, good + " ".repeat(LARGEST - good.length()));
        });
        server.createContext("/over/", exchange -> say(exchange, " ".repeat(LARGEST + 1)));
        server.createContext("/endless/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    out.write(new byte[1 << 16]);
                }
            }
        });
        server.createContext("/drip/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        server.createContext("/deep/", exchange -> say(exchange, "[".repeat(200_000)));
        server.createContext("/garbage/", exchange -> say(exchange, "\u0000\uffff not a report"));
        server.createContext(
                "/wrong/",
                exchange -> say(exchange, "{\"at\": [1], \"from\": {}, \"shoots\": [7, {\"shoot\": [[]]}]}"));
        server.createContext("/aliases/", exchange -> say(exchange, "{\"a\": &a [x, x], \"shoots\": [*a, *a]}"));
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void theOthersAreReadAllTheSame() {
        var names = List.of("good", "limit", "over", "endless", "drip", "deep", "garbage", "wrong", "aliases");
        var peers = new ArrayList<Peer>();
        for (String name : names) {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
            peers.add(new AdminPeer(url, new AdminClient(LARGEST, Duration.ofSeconds(3))));
        }
        peers.add(new Throwing());
        List<Answer> answers = Answer.ofAll(peers, "/adoption");
        peers.forEach(Peer::close);
        assertThat(answers.stream()
                        .filter(answer -> !answer.failed())
                        .map(answer -> answer.peer().name()))
                .allMatch(url -> url.endsWith("/good") || url.endsWith("/limit") || url.endsWith("/wrong"))
                .hasSize(3);
        assertThat(answers.get(names.indexOf("over")).failure()).contains("capacity");
        assertThat(answers.get(names.indexOf("endless")).failure()).contains("capacity");
        assertThat(answers.get(names.indexOf("drip")).failure()).contains("longer than 3 s");
        assertThat(answers.getLast().failure()).contains("cannot be read");
        var pages = answers.stream()
                .filter(answer -> !answer.failed())
                .<Map<?, ?>>map(Answer::page)
                .toList();
        assertThat(MergedReport.of(pages).rows().stream().map(MergedReport.Row::shoot))
                .contains("garden-a/one");
    }

    @Test
    void aFewAliasesStandForNoNumberOfValues() {
        assertThat(JsonObjects.parse("{\"a\": &a [1], \"b\": *a}")).isEmpty();
        assertThat(JsonObjects.parse("{\"a\": [1], \"b\": 2}")).isPresent();
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** A defect of ours would look like this. */
    private record Throwing() implements Peer {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public Map<?, ?> get(String page) {
            throw new IllegalStateException("a defect");
        }

        @Override
        public void close() {}
    }
}
