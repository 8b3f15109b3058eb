package io.moongate.adoption.accesslog;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Addresses;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final int IDLE_SECONDS = 60;
    private static final int KEEPALIVE_SECONDS = 20;
    /** Our own gateways ping every 20 s. */
    private static final int SHORTEST_PING_SECONDS = 10;

    static final int MOST_RESETS = 100;
    private static final int RESETS_SECONDS = 10;
    static final int LONGEST_HEADER = 8 * 1024;
    private static final int WINDOW = 256 * 1024;
    private static final int THREADS = 2;
    private static final int SWEEP_SECONDS = 5;
    private static final int CLOSING_SECONDS = 5;

    private final EnvoyTunnels tunnels;
    private final Logs logs = new Logs();
    private final AccessLogLimits limits;
    private final Calls calls =
            new Calls(AccessLogLimits.MOST_UNFINISHED, METHOD.getFullMethodName(), this::refusedByGrpc);
    private final SparingLog lines = new SparingLog(System::nanoTime);
    private final Set<TakenLog> unidentified = ConcurrentHashMap.newKeySet();
    private final Optional<TlsFiles> tls;
    private final Server server;
    private final EventLoopGroup acceptor = loops(1);
    private final EventLoopGroup connections = loops(THREADS);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-log-sweep").daemon().factory());

    /** With the default limits, without TLS. */
    AccessLogService(InetSocketAddress address, TunnelObserver observer, Function<String, Optional<ShootKey>> shoots)
            throws IOException {
        this(
                new AccessLogServiceSettings(true, address.getAddress().getHostAddress(), address.getPort(), 1, ""),
                observer,
                shoots);
    }

    /**
     * Throws with a sentence for people if the address is taken, or the TLS files cannot be used.
     *
     * @param shoots which shoot a header's value leads to
     */
    public AccessLogService(
            AccessLogServiceSettings settings, TunnelObserver observer, Function<String, Optional<ShootKey>> shoots)
            throws IOException {
        limits = new AccessLogLimits(settings.recordsPerSecond(), System::nanoTime);
        tunnels = new EnvoyTunnels(observer, shoots, EnvoyTunnels.most(), this::refusedTunnel);
        tls = settings.tls().enabled() ? Optional.of(new TlsFiles(settings.tls())) : Optional.empty();
        var address = new InetSocketAddress(Addresses.parse(settings.address()).orElseThrow(), settings.port());
        server = build(
                address,
                new AcceptedConnections(
                        settings.connections(), () -> limits.refused("connections"), this::beforeAllElse));
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw new IOException(
                    "the access log service cannot open " + Addresses.text(address) + " (" + e.getMessage() + ")", e);
        }
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private Server build(InetSocketAddress address, AcceptedConnections accepted) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(threads)
                .channelFactory(() -> {
                    var listening = new NioServerSocketChannel();
                    listening.pipeline().addLast(accepted);
                    return listening;
                })
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(connections)
                .maxInboundMessageSize(AccessLogLimits.LARGEST_MESSAGE)
                .maxInboundMetadataSize(LONGEST_HEADER)
                .addStreamTracerFactory(calls)
                .flowControlWindow(WINDOW)
                .maxConcurrentCallsPerConnection(AccessLogLimits.STREAMS_PER_CONNECTION)
                .maxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
                .permitKeepAliveTime(SHORTEST_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                // An Envoy whose machine is gone says nothing: it must not count as one that looks.
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(METHOD, this::stream)
                        .build());
        builder.handshakeTimeout(AccessLogLimits.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        if (tls.isPresent()) {
            builder.sslContext(tls.get().server());
        }
        return builder.build();
    }

    private List<ChannelHandler> beforeAllElse() {
        Runnable refused = () -> limits.refused("frames");
        ChannelHandler sent = RefusedFrames.behindTls(refused);
        return tls.isPresent() ? List.of(sent) : List.of(new FrameBudget(System::nanoTime, refused), sent);
    }

    /** Each of its records comes here, so that only the first one of a while is written down. */
    private void refusedTunnel(String limit) {
        boolean first = limits.refusing().isEmpty();
        limits.refused(limit);
        if (first && lines.mayWrite()) {
            LOG.warn(
                    limit.equals("records")
                            ? "a tunnel is not counted: its record has no stream id, no client address or no type"
                            : "a tunnel is not counted: there are too many");
        }
    }

    private void refusedByGrpc(Status why) {
        limits.refused("messages");
        if (lines.mayWrite()) {
            LOG.warn(
                    "an access log is refused: {} ({})",
                    SparingLog.printable(String.valueOf(why.getDescription())),
                    why.getCode());
        }
    }

    private static EventLoopGroup loops(int number) {
        return new MultiThreadIoEventLoopGroup(
                number, Thread.ofPlatform().name("access-log-io-", 0).daemon().factory(), NioIoHandler.newFactory());
    }

    private void sweep() {
        try {
            tls.ifPresent(TlsFiles::refresh);
            unidentified.forEach(TakenLog::endIfNameless);
            tunnels.expire(Instant.now());
        } catch (RuntimeException | Error e) {
            // The executor would never call it again.
            LOG.error("the access log service could not clean up, it tries again in {} s", SWEEP_SECONDS, e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    private ServerCall.Listener<byte[]> stream(ServerCall<byte[], byte[]> call, Metadata headers) {
        Optional<InetAddress> from =
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                        ? Optional.ofNullable(address.getAddress())
                        : Optional.empty();
        Optional<Calls.Call> traced = Calls.current();
        if (!limits.enterStream()) {
            traced.ifPresent(Calls.Call::endedByService);
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("too many streams"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        ServerCallHandler<byte[], byte[]> handler = ServerCalls.asyncClientStreamingCall(answer -> {
            Runnable endedByService = () -> traced.ifPresent(Calls.Call::endedByService);
            var log = new TakenLog((ServerCallStreamObserver<byte[]>) answer, from, this, endedByService);
            unidentified.add(log);
            // Another thread: the one that counts must not wait for a record under way.
            traced.ifPresent(known -> known.whenTooMany(() -> threads.execute(log::refuseUnfinished)));
            return log;
        });
        return handler.startCall(call, headers);
    }

    Logs logs() {
        return logs;
    }

    EnvoyTunnels tunnels() {
        return tunnels;
    }

    AccessLogLimits limits() {
        return limits;
    }

    /** Bytes of messages that have begun. */
    long unfinished() {
        return calls.unfinished();
    }

    SparingLog lines() {
        return lines;
    }

    /** It has said who it is, or it is over. */
    void isSettled(TakenLog log) {
        unidentified.remove(log);
    }

    /** How many Envoys tell something. */
    public long envoys() {
        return logs.envoys();
    }

    /** Whether this one tells of its tunnels at this entrance. */
    public boolean tells(GatewayPod pod, Entrance entrance) {
        return logs.has(pod, entrance);
    }

    /** The limit at which a client was refused within the last minute: what it reports is missing. */
    public Optional<String> refusing() {
        return limits.refusing();
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
        unidentified.clear();
        try {
            boolean ended = server.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
            threads.shutdown();
            if (!ended || !threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the access log service has not ended within {} s", CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            acceptor.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS);
            connections.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS);
        }
    }
}
