package io.moongate.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.admin.AdminServer.Request;
import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.dataplane.admin.AdminServer.Routes;
import io.moongate.dataplane.testing.Client;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers that ask for large answers and do not read them: what waits for them is bounded in sum, and probes get in. */
class UnreadAnswersTest {
    /** More than the buffers of two sockets hold. */
    private static final int LARGE = 8 << 20;
    /** Room for two large pages, and for one large answer to a scrape. */
    private static final long HEAP = 33L * LARGE;

    private static final int MOST = 24;
    private static final String PAGE = "x".repeat(LARGE);

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<Client> clients = new ArrayList<>();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new AdminServer(anyPort, new Pages(), RequestGuard.STRICT, MOST, HEAP);
    }

    private final class Pages implements Routes {
        @Override
        public Optional<Response> answer(Request request) {
            asked.add(request.path());
            if (request.path().equals("/waits")) {
                await(goOn);
            }
            boolean large = request.path().equals("/large") || request.path().equals("/metrics");
            return Optional.of(Response.text(200, large ? PAGE : "ok"));
        }

        @Override
        public boolean atOnce(String path) {
            return path.equals("/livez");
        }

        @Override
        public boolean apart(String path) {
            return path.equals("/metrics");
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        server.close();
    }

    /** Two have room: the third waits until the first one, which does not read, has lost its connection. */
    @Test
    void aPageWaitsForRoomAndAReaderThatTakesNothingLosesIt() throws Exception {
        Client first = ask("GET", "/large");
        assertThat(first.readHead()).startsWith("HTTP/1.1 200 ");
        Client second = ask("GET", "/large");
        assertThat(second.readHead()).startsWith("HTTP/1.1 200 ");
        Client third = ask("GET", "/large");
        Client fourth = ask("GET", "/large");
        assertThat(asked.take()).isEqualTo("/large");
        probesAreAnswered();
        assertThat(ask("POST", "/confirm").readAll()).as("a change").startsWith("HTTP/1.1 200 ");
        assertThat(third.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(third.readAll()).hasSizeGreaterThanOrEqualTo(LARGE);
        assertThat(first.readAll().length()).as("what the sockets held").isLessThan(LARGE);
        assertThat(fourth.readHead()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void moreThanAFewPagesThatWaitToBeMadeAreRefused() throws Exception {
        ask("GET", "/waits");
        assertThat(asked.take()).isEqualTo("/waits");
        for (int i = 1; i < AnswerMakers.MOST_QUEUED; i++) {
            ask("GET", "/small");
        }
        assertThat(ask("GET", "/one-more").readAll())
                .startsWith("HTTP/1.1 503 ")
                .contains("retry-after: 10\r\n", "there is no room for more; try again in 10 s");
        probesAreAnswered();
        goOn.countDown();
        assertThat(clients.get(1).readAll()).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET", "/small").readAll()).as("room again").startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aScrapeIsAnsweredHoweverManyDoNotReadTheirs() throws Exception {
        for (int i = 0; i < 2 * MOST; i++) {
            ask("GET", "/metrics");
        }
        for (int i = 0; i < MOST; i++) {
            asked.take();
        }
        assertThat(ask("GET", "/metrics").readAll()).startsWith("HTTP/1.1 200 ").hasSizeGreaterThan(LARGE);
        assertThat(clients.get(2 * MOST - 1).readAll().length())
                .as("an older one has made room")
                .isLessThan(LARGE);
        probesAreAnswered();
    }

    @Test
    void readersThatHoldAllPlacesMakeRoomForAProbe() throws Exception {
        ask("GET", "/waits");
        assertThat(asked.take()).isEqualTo("/waits");
        for (int i = 0; i < 2 * MOST; i++) {
            ask("POST", "/change");
        }
        probesAreAnswered();
        goOn.countDown();
    }

    private void probesAreAnswered() throws IOException {
        assertThat(ask("GET", "/livez").readAll()).startsWith("HTTP/1.1 200 ");
    }

    private Client ask(String method, String path) throws IOException {
        var client = new Client(server.address());
        clients.add(client);
        return client.send(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + RequestGuard.TOOL_HEADER
                + ": true\r\nContent-Length: 0\r\n\r\n");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
