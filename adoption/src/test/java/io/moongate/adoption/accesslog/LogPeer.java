package io.moongate.adoption.accesslog;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The service, and one client of it that says what the test wants. */
final class LogPeer implements AutoCloseable {
    static final AccessLogServiceSettings ORDINARY = new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "");

    private AccessLogService service;
    private ManagedChannel channel;

    /** Anew, in place of what was there. Its observer throws for the header {@code throws}. */
    void listen(AccessLogServiceSettings settings) throws IOException {
        close();
        service = new AccessLogService(
                settings,
                (shoot, entrance, client, traffic) -> {
                    throw new IllegalStateException("as the test wants it");
                },
                value -> value.equals("throws") ? Optional.of(new ShootKey("garden-a", "one")) : Optional.empty());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", service.address().getPort())
                .usePlaintext()
                .build();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (service != null) {
            service.close();
        }
    }

    AccessLogService service() {
        return service;
    }

    static LogMessage.Entry record(String header) {
        return new LogMessage.Entry(
                "1",
                LogMessage.Type.ESTABLISHED,
                200,
                Optional.of(InetAddress.ofLiteral("192.0.2.1")),
                Map.of("reversed-vpn", header),
                0,
                0);
    }

    static byte[] hello(String node, Entrance entrance) {
        return new LogMessage(Optional.of(node), Optional.of(AccessLogServiceSettings.logName(entrance)), List.of())
                .bytes();
    }

    StreamObserver<byte[]> open(Answer answer) {
        return ClientCalls.asyncClientStreamingCall(
                channel.newCall(AccessLogService.METHOD, CallOptions.DEFAULT), answer);
    }

    StreamObserver<byte[]> tell(String node, Entrance entrance) {
        return send(new Answer(), node, entrance);
    }

    StreamObserver<byte[]> send(Answer answer, String node, Entrance entrance) {
        StreamObserver<byte[]> log = open(answer);
        log.onNext(hello(node, entrance));
        return log;
    }

    static final class Answer implements StreamObserver<byte[]> {
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

        CompletableFuture<byte[]> end() {
            return end;
        }

        Status.Code failure() {
            try {
                end.join();
                throw new AssertionError("it was taken");
            } catch (CompletionException e) {
                return ((StatusRuntimeException) e.getCause()).getStatus().getCode();
            }
        }
    }
}
