package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.AccessLogTls;
import io.moongate.model.destination.Entrance;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is beyond a limit is refused, and what that leaves unknown counts as not observed. */
class AccessLogLimitsTest {
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
    void aNameWithoutEndIsRefused() {
        var answer = new LogPeer.Answer();
        peer.send(answer, "n".repeat(2000), Entrance.LEGACY);
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(peer.service().envoys()).isZero();
    }

    @Test
    void aMessageBeyondTheLimitIsRefused() {
        var answer = new LogPeer.Answer();
        peer.open(answer).onNext(new byte[AccessLogLimits.LARGEST_MESSAGE + 1]);
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void moreRecordsThanMayBeAreRefusedAndNotObserved() throws IOException {
        peer.listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 400, 1, AccessLogTls.none()));
        var answer = new LogPeer.Answer();
        StreamObserver<byte[]> log = peer.send(answer, "one", Entrance.LEGACY);
        List<LogMessage.Entry> ten = Collections.nCopies(10, LogPeer.record("known"));
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), ten).bytes());
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), ten.subList(0, 9)).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(peer.service().refusing()).contains("recordsPerSecond");
    }

    @Test
    void messagesWithoutRecordsAreChargedToo() throws IOException {
        peer.listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 400, 1, AccessLogTls.none()));
        var answer = new LogPeer.Answer();
        StreamObserver<byte[]> log = peer.send(answer, "one", Entrance.LEGACY);
        for (int i = 0; i < 20; i++) {
            log.onNext(new byte[0]);
        }
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(peer.service().refusing()).contains("recordsPerSecond");
    }

    /** gRPC takes its bytes from the connection's window at once: they are counted until the message is complete. */
    @Test
    void aMessageWithoutAnEndIsCounted() throws IOException {
        try (var socket = new Socket("127.0.0.1", peer.service().address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(Http2Bytes.preface());
            out.write(Http2Bytes.headers(1));
            byte[] begun = new byte[10_000];
            begun[2] = 1;
            out.write(Http2Bytes.frame(0, 0, 1, begun));
            out.flush();
            await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().unfinished() >= 9_000);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().unfinished() == 0);
    }

    /** Ten seconds of the budget at once, and one more. */
    @Test
    void framesWithoutAnEndEndTheirConnection() throws IOException {
        int most = 10 * FrameBudget.FRAMES_PER_SECOND;
        try (var socket = new Socket("127.0.0.1", peer.service().address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(Http2Bytes.preface());
            byte[] settings = Http2Bytes.frame(4, 0, 0, new byte[0]);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100 * most; i++) {
                            out.write(settings);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(peer.service().refusing()).contains("frames"));
    }

    @Test
    void theFramesOfAConnectionAreCountedHoweverTheyArrive() {
        var refused = new AtomicInteger();
        var channel = new EmbeddedChannel(new FrameBudget(() -> 0, refused::incrementAndGet));
        byte[] preface = new byte[24];
        byte[] ping = Http2Bytes.frame(6, 0, 0, new byte[8]);
        channel.writeInbound(Unpooled.wrappedBuffer(preface, ping, Http2Bytes.frame(0, 0, 1, new byte[70_000])));
        for (byte one : ping) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        for (int i = 3; i < 10 * FrameBudget.FRAMES_PER_SECOND; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(ping));
        }
        assertThat(refused).as("at the limit").hasValue(0);
        channel.writeInbound(Unpooled.wrappedBuffer(ping));
        assertThat(refused).hasValue(1);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void theMessageThatIsTooManyIsRefused() {
        var calls = new Calls(100, "m", status -> {});
        var refused = new AtomicInteger();
        ServerStreamTracer one = calls.newServerStreamTracer("m", new Metadata());
        ServerStreamTracer two = calls.newServerStreamTracer("m", new Metadata());
        two.filterContext(Context.ROOT).run(() -> Calls.current().orElseThrow().whenTooMany(refused::incrementAndGet));
        one.inboundWireSize(60);
        two.inboundWireSize(40);
        assertThat(refused).as("at the limit").hasValue(0);
        two.inboundWireSize(1);
        assertThat(refused).hasValue(1);
        two.streamClosed(Status.RESOURCE_EXHAUSTED);
        assertThat(calls.unfinished()).isEqualTo(60);
        one.inboundMessageRead(0, 60, -1);
        assertThat(calls.unfinished()).isZero();
    }

    @Test
    void theNewestConnectionBeyondTheLimitIsRefusedAndNotObserved() throws IOException {
        peer.listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 2, 1000, AccessLogTls.none()));
        peer.tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> peer.service().envoys() == 1);
        assertThat(peer.service().refusing()).isEmpty();
        try (var second = new Socket("127.0.0.1", peer.service().address().getPort());
                var third = new Socket("127.0.0.1", peer.service().address().getPort())) {
            third.setSoTimeout(20_000);
            assertThat(third.getInputStream().read()).isNegative();
            assertThat(second.isConnected()).isTrue();
        }
        assertThat(peer.service().refusing()).contains("connections");
        assertThat(peer.service().envoys()).as("who was there before").isEqualTo(1);
    }
}
