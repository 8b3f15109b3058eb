package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * DESIGN's gateway rules 1 and 2: only exact values of the plan, the authority is never dialled; each listener routes by
 * its own header, and the other header with the same value is ignored.
 */
class Rule1And2RoutingTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);

    private final Upstream upstream = Upstream.echo();
    private final Upstream trap = Upstream.echo();
    private final TestGateway gateway = new TestGateway(new Plans().route(A, upstream.port()));

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
        trap.close();
    }

    @ParameterizedTest
    @EnumSource(Entrance.class)
    void aTunnelGoesWhereTheHeaderSaysAndNeverToTheAuthority(Entrance entrance) throws IOException {
        try (var client = new Client(gateway.address(entrance))) {
            client.send("CONNECT 127.0.0.1:" + trap.port() + " HTTP/1.1\r\n" + entrance.header() + ": " + VALUE
                    + "\r\n\r\nhello");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
            assertThat(client.read(5)).isEqualTo("hello");
        }
        assertThat(trap.accepted()).isZero();
        assertThat(gateway.line(1).get("shoot")).isEqualTo("garden-test/a");
        assertThat(gateway.line(1).get("namespace")).isEqualTo(A);
        assertThat(gateway.line(1).get("listener")).isEqualTo(entrance.label());
        assertThat(gateway.line(1).get("header")).isEqualTo(entrance.header());
        assertThat(gateway.line(1).get("upstream")).isEqualTo("127.0.0.1:" + upstream.port());
    }

    @ParameterizedTest
    @EnumSource(Entrance.class)
    void headerNamesAreCaseInsensitiveAndTheSocketFormIsAnAlias(Entrance entrance) throws IOException {
        try (var client = new Client(gateway.address(entrance))) {
            client.send("CONNECT x:1 HTTP/1.0\r\n" + entrance.header().toUpperCase(java.util.Locale.ROOT) + ":" + A
                    + "--kube-apiserver-socket\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Entrance.class)
    void realProxiesSendBothHeadersWithTheSameValue(Entrance entrance) throws IOException {
        try (var client = new Client(gateway.address(entrance))) {
            client.send("CONNECT x:1 HTTP/1.1\r\nReversed-VPN: " + VALUE + "\r\nX-Gardener-Destination: " + VALUE
                    + "\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; NoDestination",
                "X-Gardener-Destination:~; NoDestination",
                "X-Gardener-Destination: outbound|443||kube-apiserver.shoot--test--b.svc.cluster.local~; UnknownDestination",
                "X-Gardener-Destination: outbound|443||kube-apiserver.SHOOT--test--a.svc.cluster.local~; UnknownDestination",
                "X-Gardener-Destination: outbound|443||kube-apiserver.shoot--test--a.svc.cluster.local.~; UnknownDestination",
                "X-Gardener-Destination: outbound|6443||kube-apiserver.shoot--test--a.svc.cluster.local~; UnknownDestination",
                "X-Gardener-Destination: outbound|443||kube-apiserver.kube-system.svc.cluster.local~; UnknownDestination",
                "Reversed-VPN: VALUE~; WrongHeader",
                "X-Gardener-Destination: VALUE~X-Gardener-Destination: VALUE~; DuplicateHeader",
                "X-Gardener-Destination: VALUE, VALUE~; DuplicateHeader",
                "X-Gardener-Destination: VALUE~Reversed-VPN: other~; ConflictingHeaders"
            })
    void everythingElseIsRefusedWithItsOwnFlag(String headers, String flag) throws IOException {
        String sent = headers.replace("VALUE", VALUE).replace("~", "\r\n");
        try (var client = new Client(gateway.address(Entrance.UNIFIED))) {
            client.send("CONNECT 127.0.0.1:" + upstream.port() + " HTTP/1.1\r\nHost: a\r\n" + sent + "\r\n");
            assertThat(client.readAll())
                    .isEqualTo("HTTP/1.1 301 Moved Permanently\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
        assertThat(gateway.line(1).get("flag")).isEqualTo(flag);
        assertThat(gateway.line(1).get("status")).isEqualTo("301");
        assertThat(upstream.accepted()).isZero();
    }
}
