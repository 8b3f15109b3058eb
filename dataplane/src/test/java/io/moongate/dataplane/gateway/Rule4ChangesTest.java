package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.ProxyProtocol.Mode;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * DESIGN's gateway rule 4: what a tunnel does not use may change as it likes; losing its own destination or access
 * closes it after a grace, and says so. (2,000 tunnels through edits of files: conformance.)
 */
class Rule4ChangesTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);

    private final Upstream upstream = Upstream.echo();
    private final TestGateway gateway = new TestGateway(plan());

    private Plans plan() {
        return new Plans().route(A, upstream.port());
    }

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    @Test
    void changesOfOthersAreInvisible() throws IOException {
        try (var unified = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
                var legacy = Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)) {
            List<UnaryOperator<Plans>> changes = List.of(
                    p -> p.route("shoot--test--b", 1),
                    p -> p.allow("shoot--test--b", "203.0.113.0/24"),
                    p -> p.allow(A, "127.0.0.0/8"),
                    p -> p.unified(Plans.listener(Mode.Strict, "203.0.113.0/24")),
                    p -> p.legacy(Plans.listener(Mode.Optional, "203.0.113.0/24")),
                    p -> p.limits(Plans.limits(1, Duration.ofMillis(1))),
                    p -> p.route(A, 1));
            for (var change : changes) {
                gateway.gateway().apply(change.apply(plan()).build());
                ping(unified);
                ping(legacy);
            }
        }
    }

    @Test
    void aTunnelThatLostItsDestinationEndsAfterTheGrace() throws IOException {
        try (var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            gateway.gateway().apply(new Plans().grace(Duration.ofMillis(100)).build());
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("Withdrawn");
    }

    @Test
    void aTunnelThatLostItsAccessEndsAndWhoIsAllowedAgainInTimeStays() throws IOException {
        try (var client = Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)) {
            gateway.gateway()
                    .apply(plan().allow(A, "203.0.113.0/24")
                            .grace(Duration.ofMillis(300))
                            .build());
            gateway.gateway().apply(plan().allow(A, "127.0.0.1").build());
            // Its turn comes after 300 ms at the latest; a second withdrawal shows that the first one is over.
            await().until(() -> gateway.gateway().openTunnels().getFirst().markLeaving());
            ping(client);
            gateway.gateway().openTunnels().getFirst().leave(io.moongate.model.tunnel.Flag.WITHDRAWN, () -> false);
            gateway.gateway().apply(plan().allow(A, "203.0.113.0/24").build());
            assertThat(client.readAll()).isEmpty();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("Withdrawn");
    }

    @Test
    void aRemovedListenerStopsAcceptingAndItsTunnelsDrain() throws IOException {
        var legacyAddress = gateway.address(Entrance.LEGACY);
        try (var unified = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
                var legacy = Client.tunnel(legacyAddress, Entrance.LEGACY, VALUE)) {
            gateway.gateway()
                    .apply(plan().legacy(Plans.closed())
                            .grace(Duration.ofMillis(100))
                            .build());
            assertThat(legacy.readAll()).isEmpty();
            ping(unified);
            org.junit.jupiter.api.Assertions.assertThrows(
                    java.net.ConnectException.class, () -> new Client(legacyAddress));
            // And back again.
            gateway.gateway().apply(plan().build());
            Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)
                    .close();
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo("Drained");
    }

    @Test
    void aPortThatIsTakenIsAProblemAndTheOldListenerStays() throws IOException {
        int taken = gateway.address(Entrance.LEGACY).getPort();
        var onTaken = new io.moongate.model.config.GatewaySettings.Listener(
                taken,
                List.of("127.0.0.1"),
                new io.moongate.model.config.GatewaySettings.ProxyProtocol(Mode.Disabled, List.of()));
        var problems = gateway.gateway().apply(plan().unified(onTaken).build());
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("unified listener cannot open 127.0.0.1 port " + taken);
        Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)
                .close();
    }

    private static void ping(Client client) throws IOException {
        client.send("ping");
        assertThat(client.read(4)).isEqualTo("ping");
    }
}
