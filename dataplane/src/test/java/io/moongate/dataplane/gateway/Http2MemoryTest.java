package io.moongate.dataplane.gateway;

import static io.moongate.dataplane.testing.RawHttp2.END_HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.END_STREAM;
import static io.moongate.dataplane.testing.RawHttp2.HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.PING;
import static io.moongate.dataplane.testing.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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

    /**
     * An event loop that was held up finds many connections with requests. Those of one are decided before the next one
     * is read: all heads at once would be 6 MiB for each connection.
     */
    @Test
    void requestsOfManyConnectionsAtOnce() throws Exception {
        var undecided = new Undecided();
        var plan = new Plans().build();
        try (var other = new TestGateway(
                plan, Optional.empty(), TunnelObserver.NONE, options -> Gateway.start(plan, options, undecided))) {
            // Connections go to the loops one after the other.
            int loops = Descriptors.ofThisProcess().loops();
            var holding = new ArrayList<Client>();
            var clients = new ArrayList<RawHttp2>();
            for (int i = 0; i < loops; i++) {
                holding.add(new Client(other.address(Entrance.UNIFIED)));
            }
            for (int i = 0; i < 10 * loops; i++) {
                clients.add(new RawHttp2(other.address(Entrance.UNIFIED)));
            }
            await().until(() -> other.gateway().waiting() == 11 * loops);
            undecided.hold();
            for (Client client : holding) {
                client.send("C");
            }
            await().until(() -> undecided.held.size() == loops);
            for (RawHttp2 client : clients) {
                for (int i = 0; i < STREAMS; i++) {
                    client.send(RawHttp2.connect(2 * i + 1, 0, "x-gardener-destination", "unknown"));
                }
            }
            undecided.over.countDown();
            await().untilAsserted(() -> assertThat(other.lines()).hasSizeGreaterThanOrEqualTo(clients.size()));
            assertThat(undecided.most.get()).isBetween(1, STREAMS);
            for (Client client : holding) {
                client.close();
            }
            for (RawHttp2 client : clients) {
                client.close();
            }
        }
    }

    /** Counts the requests that an event loop has read and not decided. Holds up all event loops when asked to. */
    private static final class Undecided implements Steps {
        private final Set<Thread> held = ConcurrentHashMap.newKeySet();
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger most = new AtomicInteger();
        private final Map<Thread, Integer> now = new ConcurrentHashMap<>();
        private volatile boolean hold;

        void hold() {
            hold = true;
        }

        @Override
        public void at(Step step) {
            if (!hold || step != Step.READ && step != Step.HEAD) {
                return;
            }
            if (held.add(Thread.currentThread())) {
                waitUntilOver();
            } else if (over.getCount() == 0) {
                int undecided = now.merge(Thread.currentThread(), step == Step.READ ? 1 : -1, Integer::sum);
                most.accumulateAndGet(undecided, Math::max);
            }
        }

        private void waitUntilOver() {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
