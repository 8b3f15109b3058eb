package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.StreamObserver;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gRPC refuses before this service sees it is as lost as what the service refuses: not observed. */
class RefusedByGrpcTest {
    private final LogPeer peer = new LogPeer();

    @BeforeEach
    void listen() throws IOException {
        peer.listen(LogPeer.ORDINARY);
    }

    @AfterEach
    void end() {
        peer.close();
    }

    @Test
    void aMessageThatIsTooLarge() {
        var answer = new LogPeer.Answer();
        peer.open(answer).onNext(new byte[AccessLogLimits.LARGEST_MESSAGE + 1]);
        isRefusedFor("messages");
    }

    @Test
    void aMessageThatIsCompressedInNoWayThatWasNamed() throws IOException {
        refusedFor("messages", Http2Bytes.headers(1), Http2Bytes.data(1, true, 3, new byte[3]));
    }

    @Test
    void aCompressionThatNobodyKnows() throws IOException {
        refusedFor(
                "messages",
                Http2Bytes.headers(1, Map.of("grpc-encoding", "unheard-of")),
                Http2Bytes.data(1, true, 3, new byte[3]));
    }

    @Test
    void aStreamThatEndsWithinAMessage() throws IOException {
        refusedFor(
                "messages",
                Http2Bytes.headers(1),
                Http2Bytes.data(1, false, 1000, new byte[3]),
                Http2Bytes.frame(0, 1, 1, new byte[0]));
    }

    @Test
    void headersThatAreTooLarge() throws IOException {
        refusedFor("frames", Http2Bytes.headers(1, Map.of("x-large", "x".repeat(AccessLogService.LONGEST_HEADER))));
    }

    @Test
    void moreStreamsThanAConnectionMayHave() throws IOException {
        byte[][] streams = new byte[AccessLogLimits.STREAMS_PER_CONNECTION + 1][];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = Http2Bytes.headers(2 * i + 1);
        }
        refusedFor("frames", streams);
    }

    @Test
    void framesThatAreNone() throws IOException {
        refusedFor("frames", Http2Bytes.frame(6, 0, 0, new byte[3]));
    }

    /** However it goes: it tells nothing then, and that alone says that its time is not observed. */
    @Test
    void aClientThatGoesIsNotRefused() throws Exception {
        var finished = new LogPeer.Answer();
        peer.send(finished, "finishes", Entrance.LEGACY).onCompleted();
        finished.end().join();
        StreamObserver<byte[]> cancels = peer.tell("cancels", Entrance.LEGACY);
        reports(1);
        cancels.onError(new IllegalStateException("enough"));
        reports(0);
        for (int linger = -1; linger <= 0; linger++) {
            try (var socket = connect()) {
                socket.getOutputStream().write(Http2Bytes.headers(1));
                byte[] hello = LogPeer.hello("raw", Entrance.LEGACY);
                socket.getOutputStream().write(Http2Bytes.data(1, false, hello.length, hello));
                socket.getOutputStream().write(Http2Bytes.data(1, false, 1000, new byte[3]));
                reports(1);
                socket.setSoLinger(linger == 0, 0);
            }
            reports(0);
        }
        try (var socket = connect()) {
            socket.getOutputStream().write(Http2Bytes.headers(1));
            byte[] reset = Http2Bytes.frame(3, 0, 1, new byte[] {0, 0, 0, 8});
            socket.getOutputStream().write(reset);
            socket.getOutputStream().write(Http2Bytes.headers(3));
            socket.getOutputStream().write(Http2Bytes.frame(7, 0, 0, new byte[8]));
        }
        until(() -> peer.service().limits().streams() == 0);
        peer.tell("the next", Entrance.LEGACY);
        reports(1);
        assertThat(peer.service().refusing()).isEmpty();
    }

    private void refusedFor(String limit, byte[]... frames) throws IOException {
        try (var socket = connect()) {
            for (byte[] frame : frames) {
                socket.getOutputStream().write(frame);
            }
            isRefusedFor(limit);
        }
    }

    private void isRefusedFor(String limit) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(peer.service().refusing()).contains(limit));
    }

    private void reports(int envoys) {
        until(() -> peer.service().envoys() == envoys);
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(20)).until(condition::getAsBoolean);
    }

    private Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", peer.service().address().getPort());
        socket.getOutputStream().write(Http2Bytes.preface());
        return socket;
    }
}
