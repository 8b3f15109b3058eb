package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.GatewayPod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
        service = new AccessLogService(
                new InetSocketAddress("127.0.0.1", 0), TunnelObserver.NONE, value -> Optional.empty());
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

    private StreamObserver<byte[]> tell(String node, Entrance entrance) {
        return send(new Answer(), node, entrance);
    }

    private StreamObserver<byte[]> send(Answer answer, String node, Entrance entrance) {
        StreamObserver<byte[]> log = ClientCalls.asyncClientStreamingCall(
                channel.newCall(AccessLogService.METHOD, CallOptions.DEFAULT), answer);
        log.onNext(new LogMessage(Optional.of(node), Optional.of(AccessLogServiceSettings.logName(entrance)), List.of())
                .bytes());
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
