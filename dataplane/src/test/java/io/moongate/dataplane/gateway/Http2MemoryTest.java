package io.moongate.dataplane.gateway;

import static io.moongate.dataplane.testing.RawHttp2.END_HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.END_STREAM;
import static io.moongate.dataplane.testing.RawHttp2.HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.PING;
import static io.moongate.dataplane.testing.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.model.destination.Entrance;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a stream that is not read and is no DATA: no window bounds it, so it must be next to nothing. */
class Http2MemoryTest {
    private static final int STREAMS = 100;
    private static final int MIB = 1024 * 1024;

    private final List<Socket> waiting = new ArrayList<>();
    private ServerSocket silent;
    private TestGateway gateway;

    /** A destination that does not answer: its queue is full, the next connection waits. */
    @BeforeEach
    void start() throws IOException {
        silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        for (int i = 0; i < 2; i++) {
            waiting.add(new Socket(silent.getInetAddress(), silent.getLocalPort()));
        }
        gateway = new TestGateway(new Plans()
                .route("shoot--test--a", silent.getLocalPort())
                .limits(Plans.limits(10_000, Duration.ofSeconds(60))));
    }

    @AfterEach
    void close() throws IOException {
        gateway.close();
        silent.close();
        for (Socket socket : waiting) {
            socket.close();
        }
    }

    private static byte[] connect(int stream) {
        return RawHttp2.connect(stream, 0, "x-gardener-destination", Plans.apiServer("shoot--test--a"));
    }

    private static void awaitTaken(RawHttp2 client) throws IOException {
        int before = client.pings();
        client.send(frame(PING, 0, 0, new byte[8]));
        await().until(() -> client.pings() > before);
    }

    @Test
    void framesOfUnknownTypes() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(connect(1));
            awaitTaken(client);
            long before = bufferedBytes();
            for (int i = 0; i < 1000; i++) {
                client.send(frame(0x42, 0, 1, new byte[16_000]));
            }
            awaitTaken(client);
            assertThat(gateway.gateway().tunnels()).isEqualTo(1);
            assertThat(bufferedBytes() - before).isLessThan(MIB);
        }
    }

    private static long bufferedBytes() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveBytes)
                .sum();
    }

    @Test
    void trailers() throws Exception {
        try (var first = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading();
                var second = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            for (RawHttp2 client : List.of(first, second)) {
                for (int i = 0; i < STREAMS; i++) {
                    client.send(connect(2 * i + 1));
                }
                awaitTaken(client);
            }
            long before = liveHeap();
            byte[] block = fields(480);
            for (RawHttp2 client : List.of(first, second)) {
                for (int i = 0; i < STREAMS; i++) {
                    client.send(frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, block));
                }
                awaitTaken(client);
            }
            assertThat(gateway.gateway().tunnels()).isEqualTo(2 * STREAMS);
            assertThat(liveHeap() - before).isLessThan(3 * MIB);
        }
    }

    /** As many as the limit of a header list allows. */
    private static byte[] fields(int number) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < number; i++) {
            block.writeBytes(new byte[] {0, 1, 'a', 1, 'b'});
        }
        return block.toByteArray();
    }

    private static long liveHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
