package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.AccessLogTls;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.landscape.ShootKey;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who counts as one that tells. */
class AccessLogServiceTest {
    private AccessLogService service;
    private ManagedChannel channel;

    @BeforeEach
    void listen() throws IOException {
        listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, ""));
    }

    private void listen(AccessLogServiceSettings settings) throws IOException {
        service = new AccessLogService(
                settings,
                (shoot, entrance, client, traffic) -> {
                    throw new IllegalStateException("as the test wants it");
                },
                value -> value.equals("throws") ? Optional.of(new ShootKey("garden-a", "one")) : Optional.empty());
        if (channel != null) {
            channel.shutdownNow();
        }
        channel = NettyChannelBuilder.forAddress("127.0.0.1", service.address().getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void end() {
        channel.shutdownNow();
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, gateway-1.istio-ingress, 192.0.2.1, true",
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, 10.0.0.1, 10.0.0.1, true",
        "router~fd00::1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, fd00:0::1, fd00:0:0::1, true",
        "router~10.0.0.1~gateway-1.istio-ingress~istio-ingress.svc.cluster.local, gateway-2.istio-ingress, 192.0.2.1, false",
        "gateway~~gateway-1.moongate-system~x, gateway-1.moongate-system, 192.0.2.1, true",
        "of no form, whatever, 127.0.0.1, true",
        "of no form, whatever, 127.0.0.2, false",
    })
    void aPodIsKnownByItsNameOrAnAddress(String node, String pod, String address, boolean tells) {
        tell(node, Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
        var expected = new GatewayPod(pod, Set.of(InetAddress.ofLiteral(address)));
        assertThat(service.tells(expected, Entrance.LEGACY)).isEqualTo(tells);
        assertThat(service.tells(expected, Entrance.UNIFIED))
                .as("of the other port nobody told")
                .isFalse();
    }

    @Test
    void whoHasEndedDoesNotTell() {
        var here = new GatewayPod("here", Set.of(InetAddress.ofLiteral("127.0.0.1")));
        StreamObserver<byte[]> log = tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.tells(here, Entrance.LEGACY));
        log.onCompleted();
        await().atMost(Duration.ofSeconds(20)).until(() -> !service.tells(here, Entrance.LEGACY));
        assertThat(service.envoys()).isZero();
    }

    @Test
    void aNameWithoutEndIsRefused() {
        var answer = new Answer();
        send(answer, "n".repeat(2000), Entrance.LEGACY);
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(service.envoys()).isZero();
    }

    /** Its observer throws for this one: gRPC calls neither onError nor onCompleted then. */
    @Test
    void whatThrowsCostsItsStreamAndTheCountsStayRight() {
        var here = new GatewayPod("here", Set.of(InetAddress.ofLiteral("127.0.0.1")));
        var answer = new Answer();
        StreamObserver<byte[]> log = send(answer, "one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.tells(here, Entrance.LEGACY));
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), List.of(record("throws"))).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.INTERNAL);
        assertThat(service.envoys()).isZero();
        assertThat(service.limits().streams()).isZero();
        assertThat(service.refusing()).as("the record is missing").isPresent();
    }

    @Test
    void garbageCostsItsStream() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x53);
        byte[] endsWhatHasNotBegun = {0x54};
        byte[] negativeSize = {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        byte[] longerThanAll = {0x0a, 0x7f, 0x01};
        byte[] noField = {0x00, 0x01};
        for (byte[] garbage : List.of(deep, endsWhatHasNotBegun, negativeSize, longerThanAll, noField)) {
            var answer = new Answer();
            open(answer).onNext(garbage);
            assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> service.limits().streams() == 0);
    }

    /** As large as may be: half a million fields that are nobody's, and as many empty records. */
    @Test
    void whatIsNotWantedIsNotKept() {
        byte[] groups = new byte[AccessLogLimits.LARGEST_MESSAGE - 100];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (byte) (i % 2 == 0 ? 0x53 : 0x54);
        }
        byte[] emptyRecords = new byte[AccessLogLimits.LARGEST_MESSAGE - 100];
        emptyRecords[0] = 0x12;
        int length = emptyRecords.length - 4;
        emptyRecords[1] = (byte) (length | 0x80);
        emptyRecords[2] = (byte) (length >> 7 | 0x80);
        emptyRecords[3] = (byte) (length >> 14);
        for (int i = 4; i < emptyRecords.length; i += 2) {
            emptyRecords[i] = 0x0a;
        }
        var taken = new Answer();
        StreamObserver<byte[]> log = open(taken);
        log.onNext(groups);
        log.onCompleted();
        assertThat(taken.end.join()).isEmpty();
        var refused = new Answer();
        open(refused).onNext(emptyRecords);
        assertThat(refused.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aMessageBeyondTheLimitIsRefused() {
        var answer = new Answer();
        open(answer).onNext(new byte[AccessLogLimits.LARGEST_MESSAGE + 1]);
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    /** Once the name was said with each message, and each time the log was over and began anew. */
    @Test
    void theSameNameAgainIsNoNews() {
        StreamObserver<byte[]> log = tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
        log.onNext(hello("one", Entrance.LEGACY));
        log.onCompleted();
        await().atMost(Duration.ofSeconds(20)).until(() -> service.limits().streams() == 0);
        assertThat(service.envoys()).isZero();
    }

    @Test
    void aStreamHasOneName() {
        var answer = new Answer();
        StreamObserver<byte[]> log = send(answer, "one", Entrance.LEGACY);
        log.onNext(hello("two", Entrance.LEGACY));
        assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        log.onNext(hello("three", Entrance.LEGACY));
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 0);
        assertThat(service.refusing()).isPresent();
    }

    @Test
    void moreRecordsThanMayBeAreRefusedAndNotObserved() throws IOException {
        service.close();
        listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 400, 1, AccessLogTls.none()));
        var answer = new Answer();
        StreamObserver<byte[]> log = send(answer, "one", Entrance.LEGACY);
        List<LogMessage.Entry> ten = Collections.nCopies(10, record("known"));
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), ten).bytes());
        log.onNext(new LogMessage(Optional.empty(), Optional.empty(), ten.subList(0, 9)).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(service.refusing()).contains("recordsPerSecond");
    }

    @Test
    void messagesWithoutRecordsAreChargedToo() throws IOException {
        service.close();
        listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 400, 1, AccessLogTls.none()));
        var answer = new Answer();
        StreamObserver<byte[]> log = send(answer, "one", Entrance.LEGACY);
        for (int i = 0; i < 20; i++) {
            log.onNext(new byte[0]);
        }
        assertThat(answer.failure()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(service.refusing()).contains("recordsPerSecond");
    }

    @Test
    void aLogOfAnotherNameEnds() {
        var answer = new Answer();
        open(answer).onNext(new LogMessage(Optional.of("one"), Optional.of("another"), List.of()).bytes());
        assertThat(answer.failure()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.limits().streams() == 0);
        assertThat(service.refusing()).as("its records are not ours").isEmpty();
    }

    /** gRPC takes its bytes from the connection's window at once: they are counted until the message is complete. */
    @Test
    void aMessageWithoutAnEndIsCounted() throws IOException {
        try (var socket = new Socket("127.0.0.1", service.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(frame(4, 0, 0, new byte[0]));
            out.write(frame(1, 4, 1, headers()));
            byte[] begun = new byte[10_000];
            begun[2] = 1;
            out.write(frame(0, 0, 1, begun));
            out.flush();
            await().atMost(Duration.ofSeconds(20)).until(() -> service.unfinished() >= 9_000);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> service.unfinished() == 0);
    }

    /** Ten seconds of the budget at once, and one more. */
    @Test
    void framesWithoutAnEndEndTheirConnection() throws IOException {
        int most = 10 * FrameBudget.FRAMES_PER_SECOND;
        try (var socket = new Socket("127.0.0.1", service.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(frame(4, 0, 0, new byte[0]));
            byte[] settings = frame(4, 0, 0, new byte[0]);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100 * most; i++) {
                            out.write(settings);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(service.refusing()).contains("frames"));
    }

    @Test
    void theFramesOfAConnectionAreCountedHoweverTheyArrive() {
        var refused = new AtomicInteger();
        var channel = new EmbeddedChannel(new FrameBudget(() -> 0, refused::incrementAndGet));
        byte[] preface = new byte[24];
        byte[] ping = frame(6, 0, 0, new byte[8]);
        channel.writeInbound(Unpooled.wrappedBuffer(preface, ping, frame(0, 0, 1, new byte[70_000])));
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
        var unfinished = new Unfinished(100);
        var refused = new AtomicInteger();
        ServerStreamTracer one = unfinished.newServerStreamTracer("m", new Metadata());
        ServerStreamTracer two = unfinished.newServerStreamTracer("m", new Metadata());
        two.filterContext(Context.ROOT).run(() -> Unfinished.whenRefused(refused::incrementAndGet));
        one.inboundWireSize(60);
        two.inboundWireSize(40);
        assertThat(refused).as("at the limit").hasValue(0);
        two.inboundWireSize(1);
        assertThat(refused).hasValue(1);
        two.streamClosed(Status.RESOURCE_EXHAUSTED);
        assertThat(unfinished.bytes()).isEqualTo(60);
        one.inboundMessageRead(0, 60, -1);
        assertThat(unfinished.bytes()).isZero();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] headers() {
        var block = new ByteArrayOutputStream();
        Map.of(
                        ":method", "POST",
                        ":scheme", "http",
                        ":authority", "a",
                        ":path", "/" + AccessLogService.METHOD.getFullMethodName())
                .forEach((name, value) -> literal(block, name, value));
        literal(block, "content-type", "application/grpc");
        literal(block, "te", "trailers");
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : List.of(name, value)) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void theNewestConnectionBeyondTheLimitIsRefusedAndNotObserved() throws IOException {
        service.close();
        listen(new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 2, 1000, AccessLogTls.none()));
        tell("one", Entrance.LEGACY);
        await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
        assertThat(service.refusing()).isEmpty();
        try (var second = new Socket("127.0.0.1", service.address().getPort());
                var third = new Socket("127.0.0.1", service.address().getPort())) {
            third.setSoTimeout(20_000);
            assertThat(third.getInputStream().read()).isNegative();
            assertThat(second.isConnected()).isTrue();
        }
        assertThat(service.refusing()).contains("connections");
        assertThat(service.envoys()).as("who was there before").isEqualTo(1);
    }

    private static LogMessage.Entry record(String header) {
        return new LogMessage.Entry(
                "1",
                LogMessage.Type.ESTABLISHED,
                200,
                Optional.of(InetAddress.ofLiteral("192.0.2.1")),
                Map.of("reversed-vpn", header),
                0,
                0);
    }

    private static byte[] hello(String node, Entrance entrance) {
        return new LogMessage(Optional.of(node), Optional.of(AccessLogServiceSettings.logName(entrance)), List.of())
                .bytes();
    }

    private StreamObserver<byte[]> open(Answer answer) {
        return ClientCalls.asyncClientStreamingCall(
                channel.newCall(AccessLogService.METHOD, CallOptions.DEFAULT), answer);
    }

    private StreamObserver<byte[]> tell(String node, Entrance entrance) {
        return send(new Answer(), node, entrance);
    }

    private StreamObserver<byte[]> send(Answer answer, String node, Entrance entrance) {
        StreamObserver<byte[]> log = open(answer);
        log.onNext(hello(node, entrance));
        return log;
    }

    private static final class Answer implements StreamObserver<byte[]> {
        private final CompletableFuture<byte[]> end = new CompletableFuture<>();

        @Override
        public void onNext(byte[] value) {}

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(new byte[0]);
        }

        private Status.Code failure() {
            try {
                end.join();
                throw new AssertionError("it was taken");
            } catch (CompletionException e) {
                return ((StatusRuntimeException) e.getCause()).getStatus().getCode();
            }
        }
    }
}
