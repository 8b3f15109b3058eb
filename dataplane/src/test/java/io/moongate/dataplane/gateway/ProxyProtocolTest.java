package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.ProxyProtocol.Mode;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONTRACT's table of the PROXY protocol, and who counts as the client. */
class ProxyProtocolTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);
    private static final String V1 = "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8443\r\n";
    private static final byte[] V2 =
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb0071070a000001126720fb");
    private static final byte[] TLS = HexFormat.of().parseHex("1603010200010001fc0303");

    private final Upstream upstream = Upstream.echo();
    private TestGateway gateway = new TestGateway(new Plans().route(A, upstream.port()));

    private void listen(Mode mode, String... trusted) {
        gateway.close();
        var listener = Plans.listener(mode, trusted);
        gateway = new TestGateway(
                new Plans().route(A, upstream.port()).unified(listener).legacy(listener));
    }

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Disabled, true, false", "Disabled, false, true",
        "Optional, true, true", "Optional, false, true",
        "Strict, true, true", "Strict, false, false"
    })
    void fromATrustedSource(Mode mode, boolean header, boolean accepted) throws IOException {
        listen(mode, "127.0.0.0/8");
        assertThat(isAccepted(Entrance.LEGACY, header)).isEqualTo(accepted);
        assertThat(gateway.line(1).get("flag")).isEqualTo(accepted ? "Completed" : "ProxyProtocol");
        if (accepted) {
            assertThat(gateway.line(1).get("client")).startsWith(header ? "203.0.113.7:4711" : "127.0.0.1:");
            assertThat(gateway.line(1).get("peer")).startsWith("127.0.0.1:");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Disabled, true, false", "Disabled, false, true",
        "Optional, true, false", "Optional, false, true",
        "Strict, true, false", "Strict, false, false"
    })
    void fromElsewhere(Mode mode, boolean header, boolean accepted) throws IOException {
        listen(mode);
        assertThat(isAccepted(Entrance.LEGACY, header)).isEqualTo(accepted);
        assertThat(gateway.line(1).get("flag")).isEqualTo(accepted ? "Completed" : "ProxyProtocol");
    }

    /** Two empty lines are the beginning of a PROXY header, too; behind one they are what RFC 9112 says. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void emptyLinesBeforeTheRequest(int lines) throws IOException {
        listen(Mode.Optional, "127.0.0.0/8");
        String request = "\r\n".repeat(lines) + Client.connect(Entrance.LEGACY, VALUE) + "early";
        for (byte[] header : new byte[][] {{}, V2}) {
            // In one piece, and byte by byte.
            for (int piece : new int[] {1000, 1}) {
                try (var client = new Client(gateway.address(Entrance.LEGACY))) {
                    client.send(header);
                    for (int from = 0; from < request.length(); from += piece) {
                        client.send(request.substring(from, Math.min(request.length(), from + piece)));
                    }
                    assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
                    assertThat(client.read(5)).isEqualTo("early");
                }
            }
        }
    }

    @Test
    void aFloodOfEmptyLinesEnds() throws IOException {
        try (var client = new Client(gateway.address(Entrance.LEGACY))) {
            client.send("\r\n".repeat(9));
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("Malformed");
    }

    @Test
    void onTheUnifiedPortAHeaderFromAClientIsAnOldProxyClient() throws IOException {
        for (byte[] sent : new byte[][] {V2, V1.getBytes(StandardCharsets.US_ASCII)}) {
            int before = gateway.lines().size();
            try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
                client.send(sent);
                assertThat(client.readAll()).as("closed without answer").isEmpty();
            }
            assertThat(gateway.line(before + 1).get("flag")).isEqualTo("OldProxyClient");
            assertThat(gateway.line(before + 1).get("status")).isEqualTo("400");
        }
    }

    @Test
    void aTlsClientHelloOnTheUnifiedPortIsAnOldProxyClient() throws IOException {
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(TLS);
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("OldProxyClient");
        try (var client = new Client(gateway.address(Entrance.LEGACY))) {
            client.send(TLS);
            assertThat(client.readAll()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        }
        assertThat(gateway.line(2).get("flag")).isEqualTo("Malformed");
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 nonsense~, ProxyProtocol, ''",
        "PROXY TCP4 203.0.113.7 10.0.0.1 4711 99999~, ProxyProtocol, ''",
        "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8443~PROXY TCP4 203.0.113.8 10.0.0.1 4711 8443~, Malformed, HTTP/1.1 400 "
    })
    void malformedAndDoubledHeadersAreRefused(String sent, String flag, String answer) throws IOException {
        listen(Mode.Strict, "127.0.0.1");
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(sent.replace("~", "\r\n") + Client.connect(Entrance.UNIFIED, VALUE));
            assertThat(client.readAll()).startsWith(answer).hasSizeLessThan(answer.isEmpty() ? 1 : 200);
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo(flag);
        assertThat(upstream.accepted()).isZero();
    }

    @Test
    void aTruncatedHeaderIsRefused() throws IOException {
        listen(Mode.Strict, "127.0.0.1");
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(java.util.Arrays.copyOf(V2, 20));
            client.finish();
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("ProxyProtocol");
    }

    /** Upstream's bug 11429: access lists judge the client behind the load balancer, whatever header it comes with. */
    @Test
    void accessListsJudgeTheRealClientOnBothPorts() throws IOException {
        var trusted = Plans.listener(Mode.Strict, "127.0.0.1");
        for (String allowed : new String[] {"203.0.113.0/24", "::ffff:203.0.113.0/120"}) {
            gateway.gateway()
                    .apply(new Plans()
                            .route(A, upstream.port())
                            .unified(trusted)
                            .legacy(trusted)
                            .allow(A, allowed)
                            .build());
            for (Entrance entrance : Entrance.values()) {
                assertThat(isAccepted(entrance, true)).isTrue();
                try (var client = new Client(gateway.address(entrance))) {
                    client.send("PROXY TCP4 198.51.100.1 10.0.0.1 4711 8443\r\n" + Client.connect(entrance, VALUE));
                    assertThat(client.readAll()).startsWith("HTTP/1.1 403 ");
                }
            }
        }
    }

    private boolean isAccepted(Entrance entrance, boolean header) throws IOException {
        try (var client = new Client(gateway.address(entrance))) {
            if (header) {
                client.send(V2);
            }
            client.send(Client.connect(entrance, VALUE));
            boolean accepted = client.readHead().startsWith("HTTP/1.1 200 ");
            if (accepted) {
                client.finish();
                assertThat(client.readAll()).isEmpty();
            }
            return accepted;
        } catch (java.net.SocketException reset) {
            // Closed without an answer while we were still writing.
            return false;
        }
    }
}
