package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Http2Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.plan.GatewayPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that do not read: what waits for them in all tunnels together is bounded, and others do not notice. */
class BacklogTest {
    private static final String HANGING = "shoot--test--hanging";
    private static final String WELL = "shoot--test--well";
    private static final long LIMIT = 2 * 1024 * 1024;
    /** Reads under way, one for each event loop, and what is on its way out. */
    private static final long MARGIN = 512 * 1024;

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        over.countDown();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Upstream notReading() {
        return Upstream.serving(2048, socket -> hang());
    }

    private void hang() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TestGateway gateway(Plans plans) {
        return gateway(plans, LIMIT);
    }

    private static TestGateway gateway(Plans plans, long limit) {
        GatewayPlan plan = plans.build();
        return new TestGateway(
                plan,
                Optional.empty(),
                TunnelObserver.NONE,
                options -> Gateway.start(plan, options, Steps.NONE, limit));
    }

    private SocketChannel tunnel(InetSocketAddress gateway, byte[] request) throws IOException {
        var channel = SocketChannel.open(gateway);
        open.add(channel);
        channel.write(ByteBuffer.wrap(request));
        return channel;
    }

    private static byte[] request(String shoot) {
        return Client.connect(Entrance.UNIFIED, Plans.apiServer(shoot)).getBytes(StandardCharsets.US_ASCII);
    }

    private static int ended(TestGateway gateway, String flag) {
        return (int) gateway.lines().stream()
                .filter(line -> line.contains("\"flag\":\"" + flag + "\""))
                .count();
    }

    private static void assertWell(TestGateway gateway, Client well) throws IOException {
        well.send("still here");
        assertThat(well.read(10)).isEqualTo("still here");
        assertThat(gateway.lines()).noneMatch(line -> line.contains(WELL));
    }

    /** Writes until the first of them is given up. */
    private static void fill(TestGateway gateway, List<SocketChannel> tunnels) throws IOException {
        var junk = ByteBuffer.allocate(64 * 1024);
        for (SocketChannel tunnel : tunnels) {
            tunnel.configureBlocking(false);
        }
        while (ended(gateway, "Unread") == 0 && !Thread.currentThread().isInterrupted()) {
            for (SocketChannel tunnel : tunnels) {
                try {
                    tunnel.write(junk.clear());
                } catch (IOException gone) {
                    // The loop ends as soon as the gateway has recorded why.
                }
            }
        }
    }

    @Test
    void aDestinationThatDoesNotReadCostsItsOwnTunnelsAlone() throws Exception {
        try (var hanging = notReading();
                var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(HANGING, hanging.port()).route(WELL, echo.port()));
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            var tunnels = new ArrayList<SocketChannel>();
            for (int i = 0; i < 100; i++) {
                tunnels.add(tunnel(gateway.address(Entrance.UNIFIED), request(HANGING)));
            }
            fill(gateway, tunnels);
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT + MARGIN);
            assertWell(gateway, well);
            assertThat(gateway.gateway().tunnels())
                    .as("those within the limit stay")
                    .isGreaterThan(10);
            for (SocketChannel tunnel : tunnels) {
                tunnel.close();
            }
            over.countDown();
            await().until(() -> gateway.gateway().tunnels() == 1);
            assertThat(gateway.gateway().backlogBytes()).isZero();
        }
    }

    /** Reading from the client is off, as its destination takes nothing: its reset is noticed all the same. */
    @Test
    void aClientThatResetsWhileItIsNotRead() throws Exception {
        try (var hanging = notReading();
                var gateway = gateway(new Plans().route(HANGING, hanging.port()))) {
            SocketChannel tunnel = tunnel(gateway.address(Entrance.UNIFIED), request(HANGING));
            tunnel.configureBlocking(false);
            await().until(() -> tunnel.write(ByteBuffer.allocate(64 * 1024)) == 0
                    && gateway.gateway().backlogBytes() > 0);
            tunnel.setOption(StandardSocketOptions.SO_LINGER, 0);
            tunnel.close();
            assertThat(gateway.line(1).get("flag")).isEqualTo("ClientReset");
            await().until(() -> gateway.gateway().backlogBytes() == 0);
        }
    }

    @Test
    void clientsThatDoNotReadCostThemselvesAlone() throws Exception {
        try (var generous = Upstream.serving(BacklogTest::sendForEver);
                var echo = Upstream.echo();
                var gateway =
                        gateway(new Plans().route(HANGING, generous.port()).route(WELL, echo.port()));
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            for (int i = 0; i < 60; i++) {
                tunnel(gateway.address(Entrance.UNIFIED), request(HANGING));
            }
            await().untilAsserted(() -> assertThat(ended(gateway, "Unread")).isPositive());
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT + MARGIN);
            assertWell(gateway, well);
        }
    }

    private static void sendForEver(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        var junk = new byte[64 * 1024];
        while (true) {
            out.write(junk);
        }
    }

    @Test
    void streamsOfHttp2WhoseDestinationDoesNotRead() throws Exception {
        try (var hanging = notReading();
                var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(HANGING, hanging.port()).route(WELL, echo.port()), LIMIT / 8);
                var other = new Http2Client(gateway.address(Entrance.UNIFIED))) {
            Http2Client.Stream well = other.connect(Entrance.UNIFIED, Plans.apiServer(WELL));
            assertThat(well.status()).isEqualTo("200");
            var clients = new ArrayList<Http2Client>();
            for (int c = 0; c < 2; c++) {
                var client = new Http2Client(gateway.address(Entrance.UNIFIED));
                clients.add(client);
                for (int i = 0; i < 5; i++) {
                    client.connect(Entrance.UNIFIED, Plans.apiServer(HANGING)).send(5 * 1024 * 1024);
                }
            }
            await().untilAsserted(() -> assertThat(ended(gateway, "Unread")).isPositive());
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT / 8 + MARGIN);
            well.send("still here");
            assertThat(well.read(10)).isEqualTo("still here");
            clients.forEach(Http2Client::close);
            over.countDown();
            await().until(() -> gateway.gateway().tunnels() == 1);
            await().untilAsserted(
                            () -> assertThat(gateway.gateway().backlogBytes()).isZero());
        }
    }

    @Test
    void acknowledgementsThatNobodyReads() throws Exception {
        try (var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(HANGING, echo.port()).route(WELL, echo.port()), LIMIT / 16);
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            var pings = new byte[3000][];
            Arrays.fill(pings, RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
            for (int i = 0; i < 80 && ended(gateway, "Unread") == 0; i++) {
                var client = new RawHttp2(gateway.address(Entrance.UNIFIED), 1024);
                open.add(client);
                client.send(
                        RawHttp2.connect(1, RawHttp2.END_HEADERS, "x-gardener-destination", Plans.apiServer(HANGING)));
                client.send(pings);
            }
            await().untilAsserted(() -> assertThat(ended(gateway, "Unread")).isPositive());
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT / 16 + MARGIN);
            assertWell(gateway, well);
        }
    }

    @Test
    void aBlockOfHeadersThatNeverEnds() throws Exception {
        try (var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(WELL, echo.port()));
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            for (int i = 0; i < 100; i++) {
                var client = new RawHttp2(gateway.address(Entrance.UNIFIED));
                open.add(client);
                // A literal header whose value is longer than what comes.
                client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, header(15_000)));
            }
            await().untilAsserted(() -> assertThat(ended(gateway, "Unread")).isPositive());
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT + MARGIN);
            assertWell(gateway, well);
        }
    }

    private static byte[] header(int length) {
        var block = new byte[length];
        block[1] = 1;
        block[2] = 'x';
        // Of 30,000 bytes: 127 and 29,873 more, seven bits in each byte.
        block[3] = 127;
        block[4] = (byte) (0x80 | 29_873 & 0x7f);
        block[5] = (byte) (0x80 | 29_873 >> 7 & 0x7f);
        block[6] = 29_873 >> 14;
        return block;
    }

    /** A destination that does not answer the connect: what its clients send before their 200 is bounded, too. */
    @Test
    void whatIsSentBeforeThe200() throws Exception {
        try (var echo = Upstream.echo();
                var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var gateway = gateway(
                        new Plans().route(HANGING, silent.getLocalPort()).route(WELL, echo.port()), LIMIT / 32);
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            fillQueue(silent);
            byte[] head = request(HANGING);
            byte[] early = Arrays.copyOf(head, 256 * 1024);
            for (int i = 0; i < 100; i++) {
                var tunnel = tunnel(gateway.address(Entrance.UNIFIED), new byte[0]);
                tunnel.configureBlocking(false);
                tunnel.write(ByteBuffer.wrap(early));
            }
            await().untilAsserted(
                            () -> assertThat(ended(gateway, "LimitReached")).isPositive());
            assertWell(gateway, well);
            assertThat(gateway.gateway().backlogBytes()).isLessThan(LIMIT / 32 + MARGIN);
            gateway.gateway().apply(new Plans().route(WELL, echo.port()).build());
        }
    }

    /** Until the kernel takes no more: what connects then gets no answer. */
    private void fillQueue(ServerSocket silent) throws IOException {
        while (true) {
            var socket = new Socket();
            open.add(socket);
            try {
                socket.connect(silent.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
    }

    /** Netty tells that a write is out before it takes its bytes out of its own sum. */
    @Test
    void anIdleHttp2ConnectionHoldsNothing() throws Exception {
        try (var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(WELL, echo.port()));
                var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(RawHttp2.connect(1, 0, "x-gardener-destination", Plans.apiServer(WELL)));
            assertThat(client.awaitAnswer(1)).isEqualTo(RawHttp2.HEADERS);
            client.send(RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]));
            await().until(() -> client.pings() == 1);
            await().untilAsserted(
                            () -> assertThat(gateway.gateway().backlogBytes()).isZero());
        }
    }

    /** A tunnel whose peers read leaves nothing behind in the account, however much has gone through it. */
    @Test
    void traffic() throws Exception {
        try (var echo = Upstream.echo();
                var gateway = gateway(new Plans().route(WELL, echo.port()));
                var client = new Http2Client(gateway.address(Entrance.UNIFIED));
                var well = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, Plans.apiServer(WELL))) {
            Http2Client.Stream stream = client.connect(Entrance.UNIFIED, Plans.apiServer(WELL));
            stream.counting().send(8 * 1024 * 1024).finish();
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 128; i++) {
                        well.send(new byte[64 * 1024]);
                    }
                    well.finish();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(well.readAll()).hasSize(8 * 1024 * 1024);
            sender.join();
            assertThat(stream.readAll()).isEqualTo(8 * 1024 * 1024);
            await().until(() -> gateway.gateway().tunnels() == 0);
            await().untilAsserted(
                            () -> assertThat(gateway.gateway().backlogBytes()).isZero());
            assertThat(ended(gateway, "Completed")).isEqualTo(2);
        }
    }
}
