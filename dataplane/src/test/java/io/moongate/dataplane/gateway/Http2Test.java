package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Http2Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.ProxyProtocol;
import io.moongate.model.destination.Entrance;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 by preface on the same ports, as CONTRACT's paragraph on answers says. */
class Http2Test {
    private static final String A = "shoot--test--a";
    private static final String B = "shoot--test--b";
    private static final String VALUE = Plans.apiServer(A);
    private static final int BULK = 16 * 1024 * 1024;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Upstream upstream = Upstream.echo();
    private TestGateway gateway =
            new TestGateway(new Plans().route(A, upstream.port()).limits(Plans.limits(1000, Duration.ofSeconds(1))));

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    private Http2Client client(Entrance entrance) {
        return new Http2Client(gateway.address(entrance));
    }

    @Test
    void streamsAreTunnelsOfTheirOwn() throws Exception {
        try (var client = client(Entrance.UNIFIED)) {
            assertThat(client.settings().maxConcurrentStreams()).isEqualTo(100);
            assertThat(client.settings().initialWindowSize()).isEqualTo(64 * 1024);
            var one = client.connect(Entrance.UNIFIED, VALUE);
            var two = client.connect(Entrance.UNIFIED, VALUE);
            // Sent before the 200 was seen: kept, in order.
            one.send("early ");
            assertThat(one.status()).isEqualTo("200");
            assertThat(one.answer().contains("content-length")).isFalse();
            assertThat(two.status()).isEqualTo("200");
            one.send("one");
            two.send("two");
            assertThat(one.read(9)).isEqualTo("early one");
            assertThat(two.read(3)).isEqualTo("two");
            one.finish();
            one.readAll();
            assertThat(gateway.line(1).get("flag")).isEqualTo("Completed");
            assertThat(gateway.line(1).get("protocol")).isEqualTo("HTTP/2");
            assertThat(gateway.line(1).get("bytes_in")).isEqualTo("9");
            two.send("still");
            assertThat(two.read(5)).isEqualTo("still");
        }
        assertThat(gateway.line(2).get("flag")).isEqualTo("ClientReset");
        await().until(() ->
                gateway.gateway().tunnels() == 0 && gateway.gateway().waiting() == 0);
    }

    @Test
    void endStreamIsHalfClose() throws Exception {
        try (var bulk = Upstream.serving(socket -> {
                    byte[] all = socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(all);
                });
                var own = new TestGateway(new Plans().route(A, bulk.port()));
                var client = new Http2Client(own.address(Entrance.UNIFIED))) {
            var stream = client.connect(Entrance.UNIFIED, VALUE).counting();
            assertThat(stream.status()).isEqualTo("200");
            stream.send(BULK).finish();
            assertThat(stream.readAll()).isEqualTo(BULK);
            assertThat(own.line(1).get("flag")).isEqualTo("Completed");
        }
    }

    @Test
    void resetsArePassedOnBothWays() throws Exception {
        try (var held = Upstream.serving(socket -> socket.getInputStream().read());
                var own = new TestGateway(new Plans().route(A, held.port()));
                var client = new Http2Client(own.address(Entrance.LEGACY))) {
            var first = client.connect(Entrance.LEGACY, VALUE);
            var second = client.connect(Entrance.LEGACY, VALUE);
            assertThat(first.status() + second.status()).isEqualTo("200200");
            Socket one = held.next();
            Socket two = held.next();
            one.setSoLinger(true, 0);
            one.close();
            assertThat(own.line(1).get("flag")).isEqualTo("UpstreamReset");
            two.setSoLinger(true, 0);
            two.close();
            assertThat(first.awaitReset()).isEqualTo(Http2Error.CONNECT_ERROR.code());
            assertThat(second.awaitReset()).isEqualTo(Http2Error.CONNECT_ERROR.code());
            var third = client.connect(Entrance.LEGACY, VALUE);
            assertThat(third.status()).isEqualTo("200");
            third.reset();
            Socket three = held.next();
            org.junit.jupiter.api.Assertions.assertThrows(
                    IOException.class, () -> three.getInputStream().readAllBytes());
            assertThat(own.line(3).get("flag")).isEqualTo("ClientReset");
        }
    }

    @Test
    void refusalsHaveTheSameAnswersAndLeaveOtherStreamsAlone() throws Exception {
        try (var client = client(Entrance.UNIFIED)) {
            var tunnel = client.connect(Entrance.UNIFIED, VALUE);
            assertThat(tunnel.status()).isEqualTo("200");
            expect(client.connect(Entrance.UNIFIED, "unknown"), "301", "UnknownDestination", 1);
            expect(client.connect(Entrance.LEGACY, VALUE), "301", "WrongHeader", 2);
            expect(client.request(connect().add("content-length", "3")), "400", "Malformed", 3);
            expect(client.request(connect().scheme("http").path("/")), "400", "Malformed", 4);
            expect(client.request(connect().add(":protocol", "websocket")), "400", "Malformed", 5);
            var get = new DefaultHttp2Headers()
                    .method("GET")
                    .scheme("http")
                    .authority("a.example:8443")
                    .path("/x?y");
            var browser = client.request(get);
            expect(browser, "301", "NotConnect", 6);
            assertThat(browser.answer().get("location")).hasToString("https://a.example:443/x?y");
            tunnel.send("up");
            assertThat(tunnel.read(2)).isEqualTo("up");
        }
    }

    private void expect(Http2Client.Stream stream, String status, String flag, int line) {
        assertThat(stream.status()).isEqualTo(status);
        assertThat(stream.answer().get("content-length")).hasToString("0");
        assertThat(gateway.line(line).get("flag")).isEqualTo(flag);
        assertThat(gateway.line(line).get("status")).isEqualTo(status);
    }

    private static Http2Headers connect() {
        return new DefaultHttp2Headers(false).method("CONNECT").authority("a:1").add("x-gardener-destination", VALUE);
    }

    @Test
    void aConnectionWhoseOnlyRequestWasRefusedCloses() throws Exception {
        try (var client = client(Entrance.UNIFIED)) {
            var refused = client.connect(Entrance.UNIFIED, "unknown");
            assertThat(refused.status()).isEqualTo("301");
            assertThat(client.goAway()).isEqualTo(Http2Error.NO_ERROR.code());
            assertThat(client.awaitClose()).isTrue();
        }
    }

    @Test
    void whatTheCodecRefusesIsRecordedToo() throws Exception {
        try (var client = client(Entrance.UNIFIED)) {
            var upper = client.request(connect().add("UPPER", "case"));
            assertThat(upper.awaitReset()).isEqualTo(Http2Error.PROTOCOL_ERROR.code());
            assertThat(gateway.line(1).get("flag")).isEqualTo("Malformed");
            var large = client.request(connect().add("x", "y".repeat(17_000)));
            assertThat(large.status()).isEqualTo("431");
            assertThat(gateway.line(2).get("flag")).isEqualTo("HeadTooLarge");
        }
        try (var client = client(Entrance.UNIFIED)) {
            client.request(connect().add("x", "y".repeat(40_000)));
            // From a quarter above the limit on, the codec takes it for an attack on the whole connection.
            assertThat(client.goAway()).isEqualTo(Http2Error.PROTOCOL_ERROR.code());
            assertThat(gateway.line(3).get("flag")).isEqualTo("Malformed");
        }
    }

    @Test
    void whoSaysNothingBehindThePrefaceIsTimedOut() throws Exception {
        try (var silent = client(Entrance.UNIFIED)) {
            assertThat(silent.awaitClose()).isTrue();
            assertThat(gateway.line(1).get("flag")).isEqualTo("HeadTimeout");
        }
        try (var garbage = new Client(gateway.address(Entrance.UNIFIED))) {
            garbage.send(PREFACE + "this is no SETTINGS frame");
            garbage.readAll();
            assertThat(gateway.line(2).get("flag")).isEqualTo("Malformed");
        }
        try (var half = new Client(gateway.address(Entrance.UNIFIED))) {
            half.send(PREFACE.substring(0, 10));
            assertThat(half.readAll()).startsWith("HTTP/1.1 408 ");
            assertThat(gateway.line(3).get("flag")).isEqualTo("HeadTimeout");
        }
    }

    @Test
    void slowStreamsNeverStopTheOthers() throws Exception {
        var over = new CompletableFuture<Void>();
        try (var held = Upstream.serving(socket -> {
                    socket.setReceiveBufferSize(4096);
                    over.join();
                });
                var own = new TestGateway(new Plans().route(A, upstream.port()).route(B, held.port()));
                var client = new Http2Client(own.address(Entrance.UNIFIED))) {
            // More than the connection's window holds of the streams' windows, each with more than the kernel takes.
            for (int i = 0; i < 20; i++) {
                var stream = client.connect(Entrance.UNIFIED, Plans.apiServer(B));
                assertThat(stream.status()).isEqualTo("200");
                stream.send(8 * 1024 * 1024);
            }
            var fast = client.connect(Entrance.UNIFIED, VALUE).counting();
            assertThat(fast.status()).isEqualTo("200");
            fast.send(BULK).finish();
            assertThat(fast.readAll()).isEqualTo(BULK);
        } finally {
            over.complete(null);
        }
    }

    @Test
    void limitsCountStreams() throws Exception {
        try (var own = new TestGateway(new Plans().route(A, upstream.port()).limits(LimitsTest.limits(3, 0, 0)));
                var client = new Http2Client(own.address(Entrance.UNIFIED))) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.connect(Entrance.UNIFIED, VALUE).status()).isEqualTo("200");
            }
            assertThat(client.connect(Entrance.UNIFIED, VALUE).status()).isEqualTo("503");
            assertThat(own.line(1).get("flag")).isEqualTo("LimitReached");
            assertThat(own.gateway().tunnels()).isEqualTo(3);
        }
    }

    @Test
    void drainingSaysGoAwayAndEndsTheStreams() throws Exception {
        try (var client = client(Entrance.UNIFIED);
                var unused = client(Entrance.UNIFIED)) {
            var tunnel = client.connect(Entrance.UNIFIED, VALUE);
            assertThat(tunnel.status()).isEqualTo("200");
            unused.settings();
            var drained = gateway.gateway().drain();
            assertThat(client.goAway()).isEqualTo(Http2Error.NO_ERROR.code());
            tunnel.readAll();
            tunnel.finish();
            drained.get();
            assertThat(client.awaitClose()).isTrue();
            assertThat(unused.awaitClose()).isTrue();
            assertThat(gateway.line(1).get("flag")).isEqualTo("Drained");
        }
    }

    @Test
    void aClosedListenersConnectionsTakeNoNewStreams() throws Exception {
        try (var client = client(Entrance.LEGACY);
                var stays = client(Entrance.UNIFIED)) {
            var tunnel = client.connect(Entrance.LEGACY, VALUE);
            var other = stays.connect(Entrance.UNIFIED, VALUE);
            assertThat(tunnel.status() + other.status()).isEqualTo("200200");
            gateway.gateway()
                    .apply(new Plans()
                            .route(A, upstream.port())
                            .legacy(Plans.closed())
                            .build());
            assertThat(client.goAway()).isEqualTo(Http2Error.NO_ERROR.code());
            assertThat(gateway.line(1).get("flag")).isEqualTo("Drained");
            other.send("up");
            assertThat(other.read(2)).isEqualTo("up");
        }
    }

    @Test
    void theProxyHeadersClientCountsForAllStreams() throws Exception {
        var plan = new Plans()
                .route(A, upstream.port())
                .unified(Plans.listener(ProxyProtocol.Mode.Strict, "127.0.0.0/8"))
                .allow(A, "203.0.113.0/24");
        try (var own = new TestGateway(plan);
                var allowed = new Http2Client(own.address(Entrance.UNIFIED), proxy("203.0.113.9"));
                var denied = new Http2Client(own.address(Entrance.UNIFIED), proxy("198.51.100.9"))) {
            assertThat(allowed.connect(Entrance.UNIFIED, VALUE).status()).isEqualTo("200");
            assertThat(denied.connect(Entrance.UNIFIED, VALUE).status()).isEqualTo("403");
            assertThat(own.line(1).get("client")).isEqualTo("198.51.100.9:4711");
        }
    }

    private static byte[] proxy(String client) {
        return ("PROXY TCP4 " + client + " 192.0.2.1 4711 8443\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
