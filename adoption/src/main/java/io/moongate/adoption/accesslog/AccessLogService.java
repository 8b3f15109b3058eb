package io.moongate.adoption.accesslog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.moongate.adoption.accesslog.Logs.Log;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Addresses;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the access logs of Envoys over gRPC ({@code envoy.service.accesslog.v3.AccessLogService}). Which port a log is
 * about is told by its name: {@code moongate-unified} or {@code moongate-legacy}.
 */
public final class AccessLogService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogService.class);
    private static final String SERVICE = "envoy.service.accesslog.v3.AccessLogService";

    static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "StreamAccessLogs"))
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private static final int LARGEST_MESSAGE = 4 << 20;
    private static final int STREAMS_PER_CONNECTION = 64;
    /** Two logs of each thread of each Envoy: far more than a seed has. */
    private static final int MOST_STREAMS = 20_000;

    private static final int LONGEST_NODE = 1024;
    private static final int IDLE_SECONDS = 60;
    private static final int KEEPALIVE_SECONDS = 20;
    private static final int CLOSING_SECONDS = 5;

    private final EnvoyTunnels tunnels;
    private final Logs logs = new Logs();
    private final Server server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-log-sweep").daemon().factory());

    /**
     * Throws with a sentence for people if the address is taken.
     *
     * @param shoots which shoot a header's value leads to
     */
    public AccessLogService(
            InetSocketAddress address, TunnelObserver observer, Function<String, Optional<ShootKey>> shoots)
            throws IOException {
        tunnels = new EnvoyTunnels(observer, shoots);
        server = NettyServerBuilder.forAddress(address)
                .executor(threads)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
                // An Envoy whose machine is gone says nothing: it must not count as one that looks.
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(METHOD, this::stream)
                        .build())
                .build();
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw new IOException(
                    "the access log service cannot open " + Addresses.text(address) + " (" + e.getMessage() + ")", e);
        }
        sweeper.scheduleWithFixedDelay(() -> tunnels.expire(Instant.now()), 5, 5, TimeUnit.SECONDS);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    private ServerCall.Listener<byte[]> stream(ServerCall<byte[], byte[]> call, Metadata headers) {
        Optional<InetAddress> from =
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                        ? Optional.ofNullable(address.getAddress())
                        : Optional.empty();
        ServerCallHandler<byte[], byte[]> handler =
                ServerCalls.asyncClientStreamingCall(answer -> new Stream(answer, from));
        return handler.startCall(call, headers);
    }

    /** How many Envoys tell something. */
    public long envoys() {
        return logs.envoys();
    }

    /** Whether this one tells of its tunnels at this entrance. */
    public boolean tells(GatewayPod pod, Entrance entrance) {
        return logs.has(pod, entrance);
    }

    /** Whether there are more tunnels than are kept: what comes in addition is not seen. */
    public boolean isFull() {
        return tunnels.isFull();
    }

    /** One access log of one thread of an Envoy. */
    private final class Stream implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> answer;
        private final Optional<InetAddress> from;
        private Optional<Log> log = Optional.empty();

        private Stream(StreamObserver<byte[]> answer, Optional<InetAddress> from) {
            this.answer = answer;
            this.from = from;
        }

        @Override
        public void onNext(byte[] bytes) {
            LogMessage message;
            try {
                message = LogMessage.parse(bytes);
            } catch (InvalidProtocolBufferException e) {
                refuse(Status.INVALID_ARGUMENT.withDescription("no access log message: " + e.getMessage()));
                return;
            }
            message.logName().ifPresent(name -> begin(name, message.node().orElse("")));
            log.ifPresent(of ->
                    message.entries().forEach(entry -> tunnels.take(of.node(), of.entrance(), entry, Instant.now())));
        }

        private void refuse(Status why) {
            leave();
            answer.onError(why.asRuntimeException());
        }

        private void begin(String logName, String node) {
            leave();
            if (node.length() > LONGEST_NODE || logs.size() >= MOST_STREAMS) {
                refuse(Status.RESOURCE_EXHAUSTED.withDescription("too long a name, or too many streams"));
                return;
            }
            Optional<Entrance> entrance = Arrays.stream(Entrance.values())
                    .filter(e -> logName.equals(AccessLogServiceSettings.logName(e)))
                    .findFirst();
            if (entrance.isEmpty()) {
                LOG.warn(
                        "an Envoy sends an access log named '{}', which is neither {} nor {}",
                        logName,
                        AccessLogServiceSettings.logName(Entrance.UNIFIED),
                        AccessLogServiceSettings.logName(Entrance.LEGACY));
                return;
            }
            var begun = new Log(node, from, entrance.get());
            log = Optional.of(begun);
            if (logs.begin(begun)) {
                LOG.info(
                        "Envoy {} tells about its tunnels at the {} port",
                        node,
                        begun.entrance().label());
            }
        }

        private void leave() {
            log.ifPresent(over -> {
                log = Optional.empty();
                if (logs.end(over)) {
                    LOG.warn(
                            "Envoy {} does not tell about its tunnels at the {} port any more",
                            over.node(),
                            over.entrance().label());
                }
            });
        }

        @Override
        public void onError(Throwable why) {
            leave();
        }

        @Override
        public void onCompleted() {
            leave();
            answer.onNext(new byte[0]);
            answer.onCompleted();
        }
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

    /** Returns once the port is free again and every stream has told its end, at the latest after twice {@value #CLOSING_SECONDS} s. */
    @Override
    public void close() {
        sweeper.shutdownNow();
        server.shutdownNow();
        try {
            boolean ended = server.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
            threads.shutdown();
            if (!ended || !threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the access log service has not ended within {} s", CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
