package io.moongate.dataplane.gateway;

import static io.moongate.dataplane.testing.RawHttp2.DATA;
import static io.moongate.dataplane.testing.RawHttp2.HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.RST_STREAM;
import static io.moongate.dataplane.testing.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client learns of a GOAWAY later than it is sent: what it opened meanwhile is refused, and its tunnels stay. */
class Http2GoAwayTest {
    private static final String TECHNICAL_ID = "shoot--test--a";
    private static final Duration GRACE = Duration.ofSeconds(4);

    private final Upstream upstream = Upstream.echo();
    private final TestGateway gateway =
            new TestGateway(new Plans().route(TECHNICAL_ID, upstream.port()).grace(GRACE));

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void aStreamBehindTheGoAwayCostsNoTunnel() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            connect(client, 1);
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            var drained = gateway.gateway().drain();
            assertThat(client.awaitGoAway()).isZero();
            connect(client, 3);
            for (int i = 0; i < 20; i++) {
                client.send(frame(DATA, 0, 3, new byte[1000]));
            }
            assertThat(client.awaitAnswer(3)).isEqualTo(RST_STREAM);
            int before = client.data();
            client.send(frame(DATA, 0, 1, new byte[10]));
            await().until(() -> client.data() > before);
            drained.get(20, TimeUnit.SECONDS);
            client.awaitEnd();
            assertThat(client.lastStreams())
                    .as("first none is excluded, in the end what was not answered")
                    .containsExactly(Integer.MAX_VALUE, 3);
            assertThat(gateway.lines()).hasSize(1);
            assertThat(gateway.line(1).get("flag")).isEqualTo("Drained");
        }
    }

    /** The bytes of such streams count in the connection's window, which the tunnels need. */
    @Test
    void whatIsSentThereLeavesTheWindowOpen() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            connect(client, 1);
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            gateway.gateway().drain();
            assertThat(client.awaitGoAway()).isZero();
            connect(client, 3);
            int window = client.windowIncrements();
            for (int i = 0; i < 60; i++) {
                client.send(frame(DATA, 0, 3, new byte[16_000]));
            }
            await().until(() -> client.windowIncrements() - window > 400_000);
        }
    }

    private static void connect(RawHttp2 client, int stream) throws IOException {
        client.send(RawHttp2.connect(stream, 0, "x-gardener-destination", Plans.apiServer(TECHNICAL_ID)));
    }
}
