package io.moongate.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.admin.AdminServer.Response;
import io.moongate.dataplane.testing.Client;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that no tool of ours sends: each gets an answer or an end, and the next one is answered. */
class AdminServerTest {
    private static final int MOST = 4;
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String TOOL = RequestGuard.TOOL_HEADER + ": true\r\n";

    private final AtomicInteger answered = new AtomicInteger();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AdminServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> {
                    answered.incrementAndGet();
                    if (request.path().equals("/throws")) {
                        throw new StackOverflowError();
                    }
                    return Optional.of(Response.text(
                            200,
                            request.method() + " " + request.path() + " "
                                    + request.body().length()));
                },
                RequestGuard.STRICT,
                MOST);
    }

    @AfterEach
    void theNextIsAnswered() throws IOException {
        answersAProbe();
        server.close();
    }

    @Test
    void anAnswerForbidsItsUseByOthers() throws IOException {
        assertThat(ask("GET /x?y HTTP/1.1\r\n" + HOST + "\r\n"))
                .contains("x-content-type-options: nosniff\r\n", "cache-control: no-store\r\n", "GET /x 0")
                .doesNotContainIgnoringCase("access-control");
    }

    @Test
    void aForeignHostReachesNothing() throws IOException {
        String answer = ask("GET /config HTTP/1.1\r\nHost: evil.example:9090\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("ask for this address by an IP address");
        assertThat(ask("GET http://evil.example/config HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET /config HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(answered).hasValue(0);
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() throws IOException {
        assertThat(ask("POST /confirm/x HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("a change needs the header 'Sec-Moongate-Request: true'");
        assertThat(ask("POST /confirm/x HTTP/1.1\r\n" + HOST + TOOL
                        + "Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(ask("OPTIONS /confirm/x HTTP/1.1\r\n" + HOST + "Origin: http://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(answered).hasValue(0);
        assertThat(ask("POST /confirm/x HTTP/1.1\r\n" + HOST + TOOL + "Content-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void sizesAreLimited() throws IOException {
        assertThat(ask(post("x".repeat(AdminServer.LONGEST_BODY)))).startsWith("HTTP/1.1 200 ");
        assertThat(ask(post("x".repeat(AdminServer.LONGEST_BODY + 1)))).startsWith("HTTP/1.1 413 ");
        String line = "GET /%s HTTP/1.1\r\n" + HOST + "\r\n";
        int rest = "GET / HTTP/1.1".length();
        assertThat(ask(line.formatted("x".repeat(AdminServer.LONGEST_LINE - rest))))
                .startsWith("HTTP/1.1 200 ");
        assertThat(ask(line.formatted("x".repeat(AdminServer.LONGEST_LINE - rest + 1))))
                .startsWith("HTTP/1.1 431 ");
        assertThat(ask("GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(AdminServer.LONGEST_HEAD) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void whatIsNoRequestIsAnswered() throws IOException {
        assertThat(ask("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 4");
        assertThat(ask("GET /throws HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void oneRequestForEachConnection() throws IOException {
        String one = "GET /a HTTP/1.1\r\n" + HOST + "\r\n";
        assertThat(ask(one + one + one)).containsOnlyOnce("HTTP/1.1");
        assertThat(answered).hasValue(1);
    }

    @Test
    void silentConnectionsMakeRoomForTheNext() throws IOException {
        List<Client> silent = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            silent.add(new Client(server.address()));
        }
        answersAProbe();
        assertThat(silent.getFirst().readAll()).as("the oldest was closed").isEmpty();
        for (Client client : silent) {
            client.close();
        }
    }

    private void answersAProbe() throws IOException {
        assertThat(ask("GET /livez HTTP/1.1\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
    }

    private static String post(String body) {
        return "POST /x HTTP/1.1\r\n" + HOST + TOOL + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private String ask(String request) throws IOException {
        try (var client = new Client(server.address())) {
            client.send(request);
            return client.readAll();
        }
    }
}
