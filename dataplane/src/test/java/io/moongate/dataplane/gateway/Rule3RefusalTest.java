package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * DESIGN's gateway rule 3: what is refused is answered as CONTRACT says, nothing behind it is parsed; nothing of the
 * client's reaches a destination before the 200, and what came early is kept in order.
 */
class Rule3RefusalTest {
    private static final String A = "shoot--test--a";
    private static final String CONNECT = Client.connect(Entrance.UNIFIED, Plans.apiServer(A));

    private final Upstream upstream = Upstream.echo();
    private TestGateway gateway =
            new TestGateway(new Plans().route(A, upstream.port()).limits(Plans.limits(300, Duration.ofSeconds(1))));

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GET /x?y HTTP/1.1~Host: a.example:8443~~; 301; NotConnect; location: https://a.example:443/x?y",
                "POST / HTTP/1.0~~; 301; NotConnect; ''",
                "CONNECT a:1 HTTP/1.1~Content-Length: 3~~abc; 400; Malformed; ''",
                "CONNECT a:1 HTTP/1.1~Transfer-Encoding: chunked~~; 400; Malformed; ''",
                "CONNECT a:1 HTTP/3.0~~; 400; Malformed; ''"
            })
    void answersAsTheContractSays(String request, String status, String flag, String location) throws IOException {
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(request.replace("~", "\r\n"));
            String answer = client.readAll();
            assertThat(answer)
                    .matches("HTTP/1\\.[01] " + status
                            + " [A-Za-z ]+\r\ncontent-length: 0\r\nconnection: close\r\n(location: .*\r\n)?\r\n");
            assertThat(answer).startsWith(request.contains("HTTP/1.0") ? "HTTP/1.0" : "HTTP/1.1");
            assertThat(answer.contains("location")).isEqualTo(!location.isEmpty());
            assertThat(answer).contains(location);
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo(flag);
        assertThat(gateway.line(1).get("status")).isEqualTo(status);
    }

    @Test
    void anOversizedHeadIs431() throws IOException {
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send("CONNECT a:1 HTTP/1.1\r\nx: " + "y".repeat(20_000));
            assertThat(client.readAll()).startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("HeadTooLarge");
    }

    @Test
    void aSlowHeadIs408() throws IOException {
        try (var client = new Client(gateway.address(Entrance.LEGACY))) {
            client.send("CONNECT a:1 HTTP/1.1\r\nx");
            assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("HeadTimeout");
    }

    @Test
    void aHalfOpenClientIsAnswered() throws IOException {
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send("CONNECT a:1 HT");
            client.finish();
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
        try (var portCheck = new Client(gateway.address(Entrance.UNIFIED))) {
            portCheck.finish();
            assertThat(portCheck.readAll()).isEmpty();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("Malformed");
        assertThat(gateway.lines()).as("a port check is no request").hasSize(1);
    }

    @Test
    void nothingBehindARefusedConnectIsParsed() throws IOException {
        String refused = Client.connect(Entrance.UNIFIED, "unknown");
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(refused + CONNECT + CONNECT);
            assertThat(client.readAll()).containsOnlyOnce("HTTP/1.1 ").startsWith("HTTP/1.1 301 ");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("UnknownDestination");
        assertThat(gateway.lines()).hasSize(1);
        assertThat(upstream.accepted()).isZero();
    }

    @Test
    void theAnswerArrivesAlthoughMuchMoreWasSent() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
                client.send(Client.connect(Entrance.UNIFIED, "unknown"));
                client.send(new byte[100_000]);
                assertThat(client.readHead()).startsWith("HTTP/1.1 301 ");
            }
        }
    }

    @Test
    void earlyPayloadIsKeptInOrderAndWaitsForThe200() throws IOException, InterruptedException {
        var accepted = new CountDownLatch(1);
        var early = new byte[60_000];
        for (int i = 0; i < early.length; i++) {
            early[i] = (byte) (i * 31);
        }
        try (var silent = Upstream.serving(socket -> {
                    accepted.countDown();
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                var own = new TestGateway(new Plans().route(A, silent.port()));
                var client = new Client(own.address(Entrance.UNIFIED))) {
            client.send(CONNECT);
            client.send(early);
            accepted.await();
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
            assertThat(client.in().readNBytes(early.length)).isEqualTo(early);
        }
    }

    @Test
    void earlyPayloadOfARefusedRequestReachesNobody() throws IOException {
        gateway.gateway()
                .apply(new Plans()
                        .route(A, upstream.port())
                        .allow(A, "203.0.113.0/24")
                        .build());
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(CONNECT + "payload");
            assertThat(client.readHead()).startsWith("HTTP/1.1 403 Forbidden\r\n");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("AccessDenied");
        assertThat(gateway.line(1).get("shoot")).isEqualTo("garden-test/a");
        assertThat(upstream.accepted()).isZero();
    }

    @Test
    void deadAndRefusingAndSilentUpstreamsAre503WithTheReason() throws IOException {
        List<Socket> fill = new ArrayList<>();
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueue(silent, fill);
            int refusing;
            try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                refusing = gone.getLocalPort();
            }
            gateway.gateway()
                    .apply(new Plans()
                            .route("shoot--test--none")
                            .route("shoot--test--refusing", refusing)
                            .route("shoot--test--silent", silent.getLocalPort())
                            .route("shoot--test--passed", refusing, upstream.port())
                            .limits(Plans.limits(5000, Duration.ofMillis(700)))
                            .build());
            assertRefused("shoot--test--none", 1, "NoEndpoint");
            assertRefused("shoot--test--refusing", 2, "ConnectFailed");
            assertRefused("shoot--test--silent", 3, "ConnectTimeout");
            // A dead endpoint is passed over for the next.
            for (int i = 0; i < 8; i++) {
                Client.tunnel(
                                gateway.address(Entrance.UNIFIED),
                                Entrance.UNIFIED,
                                Plans.apiServer("shoot--test--passed"))
                        .close();
            }
        } finally {
            for (Socket socket : fill) {
                socket.close();
            }
        }
    }

    @Test
    void aSilentEndpointLeavesTimeForTheNext() throws IOException {
        List<Socket> fill = new ArrayList<>();
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueue(silent, fill);
            gateway.gateway()
                    .apply(new Plans()
                            .route(A, silent.getLocalPort(), upstream.port())
                            .limits(Plans.limits(5000, Duration.ofMillis(2000)))
                            .build());
            for (int i = 0; i < 4; i++) {
                Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                        .close();
            }
        } finally {
            for (Socket socket : fill) {
                socket.close();
            }
        }
    }

    /** A listener whose queue is full lets the kernel drop every further SYN: never an answer. */
    private static void fillQueue(ServerSocket silent, List<Socket> fill) {
        for (int i = 0; i < 4; i++) {
            var socket = new Socket();
            fill.add(socket);
            try {
                socket.connect(silent.getLocalSocketAddress(), 100);
            } catch (IOException full) {
                return;
            }
        }
    }

    private void assertRefused(String technicalId, int line, String flag) throws IOException {
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, Plans.apiServer(technicalId)));
            assertThat(client.readAll())
                    .isEqualTo("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
        assertThat(gateway.line(line).get("flag")).isEqualTo(flag);
    }
}
