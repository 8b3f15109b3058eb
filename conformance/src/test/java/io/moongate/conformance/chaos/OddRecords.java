package io.moongate.conformance.chaos;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Access log messages that no Envoy sends, to the access log service. */
final class OddRecords implements Nuisance, AutoCloseable {
    private static final int MESSAGES = 20;
    private static final String METHOD = "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

    private final ManagedChannel channel;
    private final MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .setFullMethodName(METHOD)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    OddRecords(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public void once(Random random) throws InterruptedException {
        var over = new CountDownLatch(1);
        ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(io.grpc.Status status, Metadata trailers) {
                        over.countDown();
                    }
                },
                new Metadata());
        call.request(1);
        for (int i = 0; i < MESSAGES && over.getCount() > 0; i++) {
            call.sendMessage(message(random));
        }
        if (random.nextBoolean()) {
            call.halfClose();
            over.await(1, TimeUnit.SECONDS);
        }
        call.cancel("enough", null);
    }

    private static byte[] message(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> OddFiles.bytes(random, random.nextInt(10_000));
            case 1 -> new byte[random.nextInt(100_000)];
            case 2 -> identified(random, "moongate-unified");
            default -> identified(random, "x".repeat(random.nextInt(100_000)));
        };
    }

    private static byte[] identified(Random random, String log) {
        var node = field(1, ByteString.copyFromUtf8("node-" + random.nextInt(1_000_000)));
        var identifier = field(1, node).concat(field(2, ByteString.copyFromUtf8(log)));
        return field(1, identifier)
                .concat(field(2, ByteString.copyFrom(OddFiles.bytes(random, random.nextInt(2_000)))))
                .toByteArray();
    }

    private static ByteString field(int number, ByteString value) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(value)
                                .build())
                .build()
                .toByteString();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
