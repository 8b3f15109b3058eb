package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a stranger can make grow has a limit. */
class LimitsTest {
    private static final String A = "shoot--test--a";
    private static final String B = "shoot--test--b";

    static Limits limits(int all, int perShoot, int perSource) {
        return new Limits(
                new TunnelLimit.Fixed(all),
                perShoot,
                perSource,
                16384,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ZERO);
    }

    @Test
    void tunnelsPerShootAreLimitedAndAPlaceIsGivenBack() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new TestGateway(new Plans()
                        .route(A, upstream.port())
                        .route(B, upstream.port())
                        .limits(limits(0, 2, 0)))) {
            var address = gateway.address(Entrance.UNIFIED);
            var first = Client.tunnel(address, Entrance.UNIFIED, Plans.apiServer(A));
            var second = Client.tunnel(address, Entrance.UNIFIED, Plans.apiServer(A));
            assertThat(refused(gateway, Plans.apiServer(A))).isEqualTo("LimitReached");
            Client.tunnel(address, Entrance.UNIFIED, Plans.apiServer(B)).close();
            first.close();
            await().until(() -> gateway.gateway().tunnels() == 1);
            Client.tunnel(address, Entrance.UNIFIED, Plans.apiServer(A)).close();
            second.close();
        }
    }

    @Test
    void tunnelsPerSourceAndInAllAreLimited() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway =
                        new TestGateway(new Plans().route(A, upstream.port()).limits(limits(0, 0, 1)));
                var first = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))) {
            assertThat(refused(gateway, Plans.apiServer(A))).isEqualTo("LimitReached");
            gateway.gateway()
                    .apply(new Plans()
                            .route(A, upstream.port())
                            .limits(limits(1, 0, 0))
                            .build());
            assertThat(refused(gateway, Plans.apiServer(A))).isEqualTo("LimitReached");
            first.send("still up");
            assertThat(first.read(8)).isEqualTo("still up");
        }
    }

    /** With room for 20 sockets, hundreds of silent connections cost the oldest of them, and never a tunnel. */
    @Test
    void silentConnectionsMakeRoomForTheNext() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway =
                        new TestGateway(new Plans().route(A, upstream.port()).limits(limits(10, 0, 0)));
                var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))) {
            List<Client> silent = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                silent.add(new Client(gateway.address(Entrance.UNIFIED)));
            }
            await().until(() -> gateway.gateway().waiting() <= 18);
            assertThat(silent.getFirst().readAll()).startsWith("HTTP/1.1 503 ");
            Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A))
                    .close();
            tunnel.send("still up");
            assertThat(tunnel.read(8)).isEqualTo("still up");
            for (Client client : silent) {
                client.close();
            }
            await().until(() -> gateway.gateway().waiting() == 0);
        }
    }

    @Test
    void endpointsWithFewerTunnelsComeFirst() throws Exception {
        try (var one = Upstream.echo();
                var two = Upstream.echo();
                var gateway = new TestGateway(new Plans().route(A, one.port(), two.port()))) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(A)));
            }
            await().untilAsserted(() -> {
                assertThat(one.accepted()).isEqualTo(5);
                assertThat(two.accepted()).isEqualTo(5);
            });
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private static String refused(TestGateway gateway, String value) throws IOException {
        int before = gateway.lines().size();
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send(Client.connect(Entrance.UNIFIED, value));
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
        }
        return gateway.line(before + 1).get("flag");
    }
}
