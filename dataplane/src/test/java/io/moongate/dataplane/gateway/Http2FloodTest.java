package io.moongate.dataplane.gateway;

import static io.moongate.dataplane.testing.RawHttp2.ACK;
import static io.moongate.dataplane.testing.RawHttp2.CONTINUATION;
import static io.moongate.dataplane.testing.RawHttp2.DATA;
import static io.moongate.dataplane.testing.RawHttp2.END_HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.END_STREAM;
import static io.moongate.dataplane.testing.RawHttp2.ENHANCE_YOUR_CALM;
import static io.moongate.dataplane.testing.RawHttp2.GOAWAY;
import static io.moongate.dataplane.testing.RawHttp2.HEADERS;
import static io.moongate.dataplane.testing.RawHttp2.PADDED;
import static io.moongate.dataplane.testing.RawHttp2.PING;
import static io.moongate.dataplane.testing.RawHttp2.PRIORITY;
import static io.moongate.dataplane.testing.RawHttp2.RST_STREAM;
import static io.moongate.dataplane.testing.RawHttp2.SETTINGS;
import static io.moongate.dataplane.testing.RawHttp2.WINDOW_UPDATE;
import static io.moongate.dataplane.testing.RawHttp2.frame;
import static io.moongate.dataplane.testing.RawHttp2.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.RawHttp2;
import io.moongate.dataplane.testing.TestGateway;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No frame is free: a client that sends too many of them loses its connection, and nothing else happens. */
class Http2FloodTest {
    private static final String VALUE = Plans.apiServer("shoot--test--a");
    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final int BATCH = 200;

    private final Upstream upstream = Upstream.echo();
    private final TestGateway gateway = new TestGateway(new Plans().route("shoot--test--a", upstream.port()));

    @AfterEach
    void close() throws IOException {
        gateway.close();
        upstream.close();
    }

    /** What the client repeats, given the next number of a stream. */
    enum Flood {
        WINDOW_UPDATE_OF_ZERO(s -> all(connect(s), frame(WINDOW_UPDATE, 0, s, number(0)))),
        WINDOW_UPDATE_OVERFLOW(s -> all(connect(s), frame(WINDOW_UPDATE, 0, s, number(Integer.MAX_VALUE)))),
        RAPID_RESET(s -> all(connect(s), frame(RST_STREAM, 0, s, number(8)))),
        PRIORITY_ON_ITSELF(s -> all(connect(s), frame(PRIORITY, 0, s, priority(s)))),
        DATA_ON_HALF_CLOSED_STREAM(s -> all(ended(s), frame(DATA, 0, s, new byte[1]))),
        HEADERS_ON_HALF_CLOSED_STREAM(s -> all(ended(s), connect(s))),
        TRAILERS(s -> all(connect(s), frame(HEADERS, END_HEADERS | END_STREAM, s, new byte[] {0, 1, 'x', 1, 'y'}))),
        EMPTY_HEADERS(s -> frame(HEADERS, END_HEADERS | END_STREAM, s)),
        REFUSED_REQUESTS(s -> RawHttp2.connect(s, END_STREAM, "x-gardener-destination", "unknown")),
        MORE_STREAMS_THAN_FIT(s -> connect(s)),
        RESETS_OF_ONE_STREAM(s -> frame(RST_STREAM, 0, 3, number(8)), 3),
        SETTINGS_FRAMES(s -> frame(SETTINGS, 0, 0)),
        LARGE_SETTINGS(s -> frame(SETTINGS, 0, 0, settings(2000))),
        SETTINGS_ACKS(s -> frame(SETTINGS, ACK, 0)),
        PINGS(s -> frame(PING, 0, 0, new byte[8])),
        PING_ACKS(s -> frame(PING, ACK, 0, new byte[8])),
        PRIORITIES(s -> frame(PRIORITY, 0, s + 2, priority(s))),
        WINDOW_UPDATES(s -> frame(WINDOW_UPDATE, 0, 0, number(1))),
        WINDOW_UPDATES_OF_A_STREAM(s -> frame(WINDOW_UPDATE, 0, 1, number(1))),
        UNKNOWN_FRAMES(s -> frame(0x42, 0, 0)),
        ALTSVC(s -> frame(0x0a, 0, 1, new byte[2])),
        ORIGIN(s -> frame(0x0c, 0, 0)),
        GOAWAYS(s -> frame(GOAWAY, 0, 0, new byte[8])),
        EMPTY_DATA(s -> frame(DATA, 0, 1)),
        PADDED_EMPTY_DATA(s -> frame(DATA, PADDED, 1, (byte) 3, (byte) 0, (byte) 0, (byte) 0)),
        EMPTY_CONTINUATION(s -> s == 3 ? frame(HEADERS, 0, 3) : frame(CONTINUATION, 0, 3));

        final IntFunction<byte[]> frames;
        final int opened;

        Flood(IntFunction<byte[]> frames) {
            this(frames, 0);
        }

        Flood(IntFunction<byte[]> frames, int opened) {
            this.frames = frames;
            this.opened = opened;
        }

        private static byte[] connect(int stream) {
            return RawHttp2.connect(stream, 0, "x-gardener-destination", VALUE);
        }

        private static byte[] ended(int stream) {
            return RawHttp2.connect(stream, END_STREAM, "x-gardener-destination", VALUE);
        }

        private static byte[] priority(int dependency) {
            byte[] payload = new byte[5];
            System.arraycopy(number(dependency), 0, payload, 0, 4);
            return payload;
        }

        private static byte[] settings(int entries) {
            byte[] payload = new byte[6 * entries];
            for (int i = 0; i < entries; i++) {
                // INITIAL_WINDOW_SIZE, which the gateway must apply to each stream.
                payload[6 * i + 1] = 4;
                payload[6 * i + 4] = (byte) i;
            }
            return payload;
        }

        private static byte[] all(byte[]... frames) {
            var out = new ByteArrayOutputStream();
            for (byte[] one : frames) {
                out.writeBytes(one);
            }
            return out.toByteArray();
        }
    }

    /** The window counts their bytes, of which there are few. Until a destination answers all of them wait. */
    @Test
    void framesOfOneByteThatWaitAreBounded() throws Exception {
        var waiting = new ArrayList<Socket>();
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var other = new TestGateway(new Plans()
                        .route("shoot--test--a", silent.getLocalPort())
                        .limits(Plans.limits(10_000, Duration.ofSeconds(60))));
                var client = new RawHttp2(other.address(Entrance.UNIFIED)).reading()) {
            // A queue that is full: the next connection waits.
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket(silent.getInetAddress(), silent.getLocalPort()));
            }
            client.send(Flood.connect(1));
            await().until(() -> other.gateway().tunnels() == 1);
            var frames = new ByteArrayOutputStream();
            for (int i = 0; i <= UnreadFrames.MOST; i++) {
                frames.writeBytes(frame(DATA, 0, 1, (byte) 'x'));
            }
            client.send(frames.toByteArray());
            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            client.awaitEnd();
            await().until(() -> other.gateway().tunnels() == 0);
            await().until(() -> other.lines().stream().anyMatch(line -> line.contains("TooManyFrames")));
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static void sendIfOpen(RawHttp2 client, byte[]... frames) {
        try {
            client.send(frames);
        } catch (IOException gone) {
            // Sent away in the midst of it.
        }
    }

    /** No credentials are needed for this: what is refused must not be free. */
    @Test
    void aConnectionThatIsOnlyRefusedWaitsAndEnds() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(RawHttp2.connect(1, 0, "x-gardener-destination", "unknown"));
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            assertThat(gateway.gateway().waiting()).as("it holds no tunnel").isEqualTo(1);
            for (int stream = 3; !client.isOver() && stream < 2000; stream += 2) {
                sendIfOpen(client, RawHttp2.connect(stream, 0, "x-gardener-destination", "unknown"));
                sendIfOpen(client, frame(DATA, 0, stream, new byte[1]));
            }
            assertThat(client.awaitGoAway()).isEqualTo(0);
            client.awaitEnd();
        }
        assertThat(gateway.lines()).as("streams behind the GOAWAY are nothing").hasSizeLessThan(400);
        await().until(() -> gateway.gateway().waiting() == 0);
    }

    /** Beside a tunnel it goes on, but each frame on a refused stream is charged. */
    @Test
    void framesOfOneByteOnRefusedStreamsAreCharged() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(Flood.connect(1));
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            for (int stream = 3; !client.isOver() && stream < 1000; stream += 2) {
                sendIfOpen(client, RawHttp2.connect(stream, 0, "x-gardener-destination", "unknown"));
                for (int i = 0; i < 500 && !client.isOver(); i++) {
                    sendIfOpen(client, frame(DATA, 0, stream, new byte[1]));
                }
            }
            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            await().until(() -> flags("TooManyFrames") == 1);
            assertThat(flags("UnknownDestination"))
                    .as("the frames end it, long before the resets would")
                    .isLessThan(50);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFloodEndsItsConnectionAlone(Flood flood) throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading();
                var other = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            other.send(Flood.connect(1));
            client.send(Flood.connect(1));
            assertThat(client.awaitAnswer(1) + other.awaitAnswer(1)).isEqualTo(2 * HEADERS);
            if (flood.opened > 0) {
                client.send(Flood.connect(flood.opened));
            }
            assertThat(sendUntilSentAway(client, flood)).isLessThan(MOST_BYTES);
            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            client.awaitEnd();
            await().until(() ->
                    gateway.gateway().tunnels() == 1 && gateway.gateway().waiting() == 0);
            await().until(() -> flags("TooManyFrames") == 1);
            assertThat(flags("LimitReached")).isLessThan(500);
            other.send(frame(PING, 0, 0, new byte[8]));
            await().until(() -> other.pings() == 1);
        }
    }

    private static int sendUntilSentAway(RawHttp2 client, Flood flood) {
        int sent = 0;
        try {
            for (int stream = 3; !client.wasSentAway() && sent < MOST_BYTES; ) {
                var batch = new ByteArrayOutputStream();
                for (int i = 0; i < BATCH; i++, stream += 2) {
                    batch.writeBytes(flood.frames.apply(stream));
                }
                client.send(batch.toByteArray());
                sent += batch.size();
            }
        } catch (IOException closed) {
            return sent;
        }
        return sent;
    }

    private long flags(String flag) {
        return gateway.lines().stream()
                .filter(line -> line.contains("\"flag\":\"" + flag + "\""))
                .count();
    }

    /** A stream that is reset by the bytes behind its request costs its destination nothing. */
    @ParameterizedTest
    @EnumSource(names = {"WINDOW_UPDATE_OF_ZERO", "RAPID_RESET", "PRIORITY_ON_ITSELF"})
    void aStreamThatIsResetAtOnceIsNotDialled(Flood flood) throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            var burst = new ByteArrayOutputStream();
            for (int stream = 1; stream < 200; stream += 2) {
                burst.writeBytes(flood.frames.apply(stream));
            }
            client.send(burst.toByteArray());
            await().until(() -> gateway.lines().size() == 100);
            client.send(Flood.connect(201));
            assertThat(client.awaitAnswer(201)).isEqualTo(HEADERS);
            assertThat(upstream.accepted()).isEqualTo(1);
            assertThat(flags("LimitReached")).isZero();
            assertThat(gateway.gateway().tunnels()).isEqualTo(1);
        }
    }

    /** More streams in order than any budget allows resets, each with what a client sends for it. */
    @Test
    void manyShortStreamsInOrderAreNoFlood() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            for (int stream = 1; stream < 2000; stream += 2) {
                client.send(
                        Flood.connect(stream),
                        frame(DATA, END_STREAM, stream, new byte[10]),
                        frame(WINDOW_UPDATE, 0, stream, number(10)),
                        frame(WINDOW_UPDATE, 0, 0, number(10)));
                assertThat(client.awaitAnswer(stream)).isEqualTo(HEADERS);
            }
            await().until(() -> flags("Completed") == 1000);
            assertThat(client.wasSentAway()).isFalse();
        }
    }

    /** RFC 9113, 5.5: frames of unknown types are ignored, wherever they come. */
    @Test
    void aFrameThatNobodyKnowsCostsNoTunnel() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            client.send(Flood.connect(1), frame(0x42, 0, 1, new byte[4]));
            assertThat(client.awaitAnswer(1)).isEqualTo(HEADERS);
            client.send(frame(0x42, 0, 1, new byte[4]), frame(0x42, 0, 99, new byte[4]), frame(DATA, 0, 1, (byte) 'x'));
            await().until(() -> client.data() == 1);
            assertThat(gateway.lines()).isEmpty();
        }
    }

    /** The acknowledgements that a client does not read must not pile up. */
    @Test
    void aClientThatDoesNotReadIsBounded() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED))) {
            int sent = sendUntilSentAway(client, Flood.PINGS);
            assertThat(sent).isLessThan(MOST_BYTES);
            await().until(() -> flags("TooManyFrames") == 1);
            await().until(() -> gateway.gateway().waiting() == 0);
        }
    }

    @Test
    void tunnelsOfAnEndedConnectionHaveTheirOwnRecords() throws Exception {
        try (var client = new RawHttp2(gateway.address(Entrance.UNIFIED)).reading()) {
            for (int stream = 1; stream <= 5; stream += 2) {
                client.send(Flood.connect(stream));
                assertThat(client.awaitAnswer(stream)).isEqualTo(HEADERS);
            }
            sendUntilSentAway(client, Flood.PINGS);
            assertThat(client.awaitGoAway()).isEqualTo(ENHANCE_YOUR_CALM);
            await().until(() -> gateway.lines().size() == 4);
            assertThat(flags("TooManyFrames")).isEqualTo(1);
            assertThat(flags("ClientReset")).isEqualTo(3);
        }
    }
}
