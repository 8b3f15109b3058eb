package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DESIGN's gateway rule 6: a drain is paced evenly over the grace time; nothing is accepted meanwhile. */
class Rule6DrainTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);

    @Test
    void tunnelsAreClosedEvenlyOverTheGrace() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway =
                        new TestGateway(new Plans().route(A, upstream.port()).grace(Duration.ofSeconds(2)))) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE));
            }
            var address = gateway.address(Entrance.UNIFIED);
            gateway.gateway().drain().join();
            org.junit.jupiter.api.Assertions.assertThrows(IOException.class, () -> new Client(address));
            for (Client client : clients) {
                assertThat(client.readAll()).isEmpty();
                client.close();
            }
            List<Instant> ends = gateway.lines().stream()
                    .map(l -> Instant.parse(new TestGateway.Line(l).get("time")))
                    .sorted()
                    .toList();
            assertThat(ends).hasSize(40);
            assertThat(gateway.lines()).allMatch(l -> l.contains("\"flag\":\"Drained\""));
            // Evenly: half of them are closed about half-way, none much earlier or later than its turn.
            Duration middle = Duration.between(ends.getFirst(), ends.get(20));
            Duration all = Duration.between(ends.getFirst(), ends.getLast());
            assertThat(all.toMillis()).isBetween(1500L, 3000L);
            assertThat((double) middle.toMillis() / all.toMillis()).isBetween(0.35, 0.65);
        }
    }

    @Test
    void whoAsksWhileDrainingIsToldSo() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway =
                        new TestGateway(new Plans().route(A, upstream.port()).grace(Duration.ofMillis(500)));
                var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
                var late = new Client(gateway.address(Entrance.UNIFIED))) {
            late.send("CONNECT a:1 HTTP/1.1\r\n");
            await().until(() -> gateway.gateway().waiting() == 1);
            var drained = gateway.gateway().drain();
            late.send(Entrance.UNIFIED.header() + ": " + VALUE + "\r\n\r\n");
            assertThat(late.readAll()).startsWith("HTTP/1.1 503 Service Unavailable\r\n");
            assertThat(gateway.line(1).get("flag")).isEqualTo("Draining");
            drained.join();
            assertThat(tunnel.readAll()).isEmpty();
        }
    }

    /** The client's FIN must not cut off what it has not read yet. */
    @Test
    void whatIsUnderWayArrivesAlsoAtAClientThatEndsItsHalf() throws Exception {
        try (var upstream = Upstream.serving(socket -> socket.getOutputStream().write(new byte[64 * 1024 * 1024]));
                var gateway = new TestGateway(new Plans().route(A, upstream.port()));
                var client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.setSoTimeout(20_000);
            client.connect(gateway.address(Entrance.UNIFIED));
            client.getOutputStream()
                    .write(Client.connect(Entrance.UNIFIED, VALUE).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> gateway.gateway().openTunnels().size() == 1);
            Channel channel =
                    gateway.gateway().openTunnels().getFirst().relay().sockets().getFirst();
            await().until(() -> isStuck(channel));
            gateway.gateway().drain().join();
            client.shutdownOutput();
            await().until(() -> !channel.isOpen() || ((SocketChannel) channel).isInputShutdown());
            byte[] all = client.getInputStream().readAllBytes();
            int head = "HTTP/1.1 200 OK\r\n\r\n".length();
            assertThat(gateway.line(1).get("flag")).isEqualTo("Drained");
            assertThat(all.length - head)
                    .isEqualTo(Integer.parseInt(gateway.line(1).get("bytes_out")));
        }
    }

    /** Not only for a moment during a read. */
    private static boolean isStuck(Channel channel) throws Exception {
        return channel.eventLoop()
                .submit(() -> channel.unsafe().outboundBuffer().totalPendingWriteBytes() > 32 * 1024)
                .get();
    }
}
