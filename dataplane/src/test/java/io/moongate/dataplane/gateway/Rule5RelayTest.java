package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.GatewaySettings.Keepalive;
import io.moongate.model.config.GatewaySettings.Limits;
import io.moongate.model.config.TunnelLimit;
import io.moongate.model.destination.Entrance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** DESIGN's gateway rule 5: back-pressure end to end, half-close, bounded memory, keepalive on both sockets. */
class Rule5RelayTest {
    private static final String A = "shoot--test--a";
    private static final String VALUE = Plans.apiServer(A);
    private static final int TCP_CLOSE_WAIT = 8;
    private static final int MIB = 1024 * 1024;
    private static final int BULK = 16 * MIB;

    /** upstream.md, bug 13: through Envoy 0 of 32 answers arrive, through HAProxy 32. Required: 32. */
    @Test
    void aClientThatClosesItsHalfStillGets16MiB() throws Exception {
        try (var upstream = Upstream.serving(socket -> {
                    assertThat(drain(socket.getInputStream())).isEqualTo(BULK);
                    bulk(socket.getOutputStream());
                });
                var gateway = new TestGateway(new Plans().route(A, upstream.port()));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                answers.add(threads.submit(() -> {
                    try (var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
                        bulk(client.out());
                        client.finish();
                        return drain(client.in());
                    }
                }));
            }
            assertThat(values(answers))
                    .as(() -> String.join("\n", gateway.lines()))
                    .hasSize(32)
                    .containsOnly((long) BULK);
            assertThat(gateway.line(32).get("flag")).isEqualTo("Completed");
            assertThat(gateway.line(32).get("bytes_in")).isEqualTo(String.valueOf(BULK));
            assertThat(gateway.line(32).get("bytes_out")).isEqualTo(String.valueOf(BULK));
        }
    }

    @Test
    void anUpstreamThatClosesItsHalfStillGets16MiB() throws Exception {
        var received = new AtomicLong();
        try (var upstream = Upstream.serving(socket -> {
                    bulk(socket.getOutputStream());
                    socket.shutdownOutput();
                    received.set(drain(socket.getInputStream()));
                    socket.close();
                });
                var gateway = new TestGateway(new Plans().route(A, upstream.port()));
                var client = Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)) {
            assertThat(drain(client.in())).isEqualTo(BULK);
            bulk(client.out());
            client.finish();
            await().until(() -> received.get() == BULK);
        }
    }

    /** The FIN comes while nobody reads: what is in the gateway then stays bounded, and everything arrives later. */
    @Test
    void halfCloseUnderPausedReadingLosesNothing() throws Exception {
        try (var held = new HeldUpstream();
                var gateway = new TestGateway(new Plans().route(A, held.port()));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            Socket server = held.accept();
            Future<?> sent = threads.submit(() -> {
                bulk(client.out());
                client.finish();
                return null;
            });
            Future<?> answered = threads.submit(() -> {
                bulk(server.getOutputStream());
                server.shutdownOutput();
                return null;
            });
            // Nobody has read anything yet: both directions stand still with their ends behind them.
            assertThat(drain(server.getInputStream())).isEqualTo(BULK);
            assertThat(drain(client.in())).isEqualTo(BULK);
            sent.get();
            answered.get();
            client.close();
        }
    }

    @Test
    void aPeerThatDoesNotReadStopsTheOtherAndHoldsLittleMemory() throws Exception {
        try (var held = new HeldUpstream();
                var gateway = new TestGateway(new Plans().route(A, held.port()));
                var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            Socket server = held.accept();
            client.socket().setSendBufferSize(64 * 1024);
            long sent = sendUntilBlocked(client);
            Channel upstream = firstTunnel(gateway).relay().sockets().getLast();
            await().until(() -> !upstream.isWritable());
            // One read may overshoot the mark; a read is 64 KiB at most.
            assertThat(upstream.unsafe().outboundBuffer().totalPendingWriteBytes())
                    .isLessThan(32 * 1024 + 2 * 64 * 1024 + 4096);
            assertThat(server.getInputStream().readNBytes((int) sent)).hasSize((int) sent);
        }
    }

    /** Netty's epoll would read on at once when a FIN arrives, whether the other side takes it or not: up to tcp_rmem. */
    @Test
    void aFinDoesNotMakeTheGatewayReadWhatNobodyTakes() throws Exception {
        try (var held = new HeldUpstream();
                var gateway = new TestGateway(new Plans().route(A, held.port()));
                var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            Socket server = held.accept();
            Channel upstream = firstTunnel(gateway).relay().sockets().getLast();
            var clientSocket =
                    (EpollSocketChannel) firstTunnel(gateway).relay().sockets().getFirst();
            long sent = 0;
            // Asked on its own loop, between two reads: during one it is unwritable for moments.
            for (; upstream.eventLoop().submit(upstream::isWritable).get(); sent += 8192) {
                client.send(new byte[8192]);
            }
            long pending = upstream.unsafe().outboundBuffer().totalPendingWriteBytes();
            client.send(new byte[32 * 1024]);
            client.finish();
            await().until(() -> clientSocket.tcpInfo().state() == TCP_CLOSE_WAIT);
            upstream.eventLoop().submit(() -> {}).get();
            assertThat(upstream.unsafe().outboundBuffer().totalPendingWriteBytes())
                    .isEqualTo(pending);
            assertThat(drain(server.getInputStream())).isEqualTo(sent + 32 * 1024);
        }
    }

    @Test
    void anIdleTunnelHoldsNoBuffer() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new TestGateway(new Plans().route(A, upstream.port()))) {
            List<Client> tunnels = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
                client.send("x");
                assertThat(client.read(1)).isEqualTo("x");
                tunnels.add(client);
            }
            long idle = activeBuffers();
            ByteBuf counted =
                    firstTunnel(gateway).relay().sockets().getFirst().alloc().directBuffer(1024);
            assertThat(activeBuffers())
                    .as("the tunnels' allocator is the one that is counted")
                    .isEqualTo(idle + 1);
            counted.release();
            // A few belong to the event loops' caches; one per tunnel would be 200.
            assertThat(idle).as("buffers in use by 200 idle tunnels").isLessThan(50);
            for (Client client : tunnels) {
                client.close();
            }
        }
    }

    @Test
    void keepaliveIsReallySetOnBothSockets() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new TestGateway(new Plans()
                        .route(A, upstream.port())
                        .keepalive(new Keepalive(Duration.ofSeconds(42), Duration.ofSeconds(7), 5)));
                var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            List<Channel> sockets = firstTunnel(gateway).relay().sockets();
            assertThat(sockets).hasSize(2);
            for (Channel socket : sockets) {
                // Each getOption is a getsockopt on the file descriptor.
                assertThat(socket.config().getOption(ChannelOption.SO_KEEPALIVE))
                        .isTrue();
                assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPIDLE))
                        .isEqualTo(42);
                assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPINTVL))
                        .isEqualTo(7);
                assertThat(socket.config().getOption(EpollChannelOption.TCP_KEEPCNT))
                        .isEqualTo(5);
                assertThat(socket.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            }
        }
    }

    @Test
    void resetsArePassedOnAsResetsAndFlagged() throws Exception {
        try (var held = new HeldUpstream();
                var gateway = new TestGateway(new Plans().route(A, held.port()))) {
            var client = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            Socket server = held.accept();
            client.reset();
            org.junit.jupiter.api.Assertions.assertThrows(IOException.class, () -> drain(server.getInputStream()));
            assertThat(gateway.line(1).get("flag")).isEqualTo("ClientReset");

            try (var second = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
                Socket other = held.accept();
                other.setSoLinger(true, 0);
                other.close();
                org.junit.jupiter.api.Assertions.assertThrows(IOException.class, second::readAll);
            }
            assertThat(gateway.line(2).get("flag")).isEqualTo("UpstreamReset");
        }
    }

    @Test
    void idleAndOldTunnelsEnd() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new TestGateway(
                        new Plans().route(A, upstream.port()).limits(expiring(Duration.ofMillis(200), Duration.ZERO)));
                var idle = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
            assertThat(idle.readAll()).isEmpty();
            assertThat(gateway.line(1).get("flag")).isEqualTo("IdleTimeout");
            gateway.gateway()
                    .apply(new Plans()
                            .route(A, upstream.port())
                            .limits(expiring(Duration.ZERO, Duration.ofMillis(200)))
                            .build());
            try (var old = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)) {
                assertThat(old.readAll()).isEmpty();
            }
            assertThat(gateway.line(2).get("flag")).isEqualTo("MaxAge");
        }
    }

    /** The client may have its 200 a moment before the tunnel is counted. */
    private static Tunnel firstTunnel(TestGateway gateway) {
        await().until(() -> !gateway.gateway().openTunnels().isEmpty());
        return gateway.gateway().openTunnels().getFirst();
    }

    private static Limits expiring(Duration idle, Duration age) {
        return new Limits(
                new TunnelLimit.Auto(), 0, 0, 16384, Duration.ofSeconds(10), Duration.ofSeconds(5), idle, age);
    }

    private static long activeBuffers() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** Stops when nothing has been taken for a while: then everybody's buffers are full. */
    private static long sendUntilBlocked(Client client) throws InterruptedException {
        var sent = new AtomicLong();
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            try {
                var block = new byte[8192];
                while (true) {
                    client.out().write(block);
                    sent.addAndGet(block.length);
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(60))
                .until(() -> last.getAndSet(sent.get()) == sent.get());
        assertThat(writer.isAlive()).isTrue();
        return sent.get();
    }

    private static void bulk(OutputStream out) throws IOException {
        var block = new byte[64 * 1024];
        new Random(1).nextBytes(block);
        for (int sent = 0; sent < BULK; sent += block.length) {
            out.write(block);
        }
    }

    private static long drain(InputStream in) throws IOException {
        long all = 0;
        var block = new byte[64 * 1024];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            all += n;
        }
        return all;
    }

    private static List<Long> values(List<Future<Long>> futures) throws ExecutionException, InterruptedException {
        var values = new ArrayList<Long>();
        for (Future<Long> future : futures) {
            values.add(future.get());
        }
        return values;
    }

    /** An upstream whose connections the test holds itself: nobody reads or writes but the test. */
    private static final class HeldUpstream implements AutoCloseable {
        private final java.net.ServerSocket server =
                new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());

        private HeldUpstream() throws IOException {}

        int port() {
            return server.getLocalPort();
        }

        Socket accept() throws IOException {
            Socket socket = server.accept();
            socket.setSoTimeout(20_000);
            return socket;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
