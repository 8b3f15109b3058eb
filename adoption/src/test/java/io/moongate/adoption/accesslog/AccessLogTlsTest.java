package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.AccessLogTls;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.loop.Supervisor;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With TLS only a client with a certificate of the right authority is heard. */
class AccessLogTlsTest {
    @TempDir
    Path folder;

    private Authority authority;
    private Authority another;
    private AccessLogTls server;
    private AccessLogTls client;
    private AccessLogService service;

    @BeforeEach
    void listen() throws Exception {
        authority = Authority.create(folder, "one");
        another = Authority.create(folder, "another");
        server = authority.issue("server", authority);
        client = authority.issue("client", authority);
        service = new AccessLogService(
                new AccessLogServiceSettings(true, "127.0.0.1", 0, 1, "", 400, 1000, server),
                TunnelObserver.NONE,
                value -> Optional.empty());
    }

    @AfterEach
    void end() {
        service.close();
    }

    @Test
    void ourGatewayIsHeard() {
        try (var reporter = new AccessLogReporter("gateway-1", Supervisor.NONE)) {
            reporter.tellTo(Optional.of("localhost:" + service.address().getPort()), client);
            await().atMost(Duration.ofSeconds(20)).until(() -> service.envoys() == 1);
        }
    }

    @Test
    void aClientWithoutARightCertificateIsNot() throws Exception {
        AccessLogTls stranger = another.issue("stranger", authority);
        assertThat(send(Optional.of(new TlsFiles(stranger).client()))).isEqualTo(Status.Code.UNAVAILABLE);
        SslContext nobody = io.grpc.netty.GrpcSslContexts.forClient()
                .trustManager(Path.of(client.ca()).toFile())
                .build();
        assertThat(send(Optional.of(nobody))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(send(Optional.empty())).as("no TLS").isEqualTo(Status.Code.UNAVAILABLE);
        AccessLogTls misled = authority.issue("misled", another);
        assertThat(send(Optional.of(new TlsFiles(misled).client())))
                .as("the server is not whom the client trusts")
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(service.envoys()).isZero();
        assertThat(service.refusing())
                .as("they have no share in what is observed")
                .isEmpty();
        assertThat(send(Optional.of(new TlsFiles(client).client()))).isEqualTo(Status.Code.OK);
        assertThat(service.refusing()).isEmpty();
    }

    @Test
    void whatGrpcRefusesBehindTlsIsNotObserved() throws Exception {
        SSLContext context = ((JdkSslContext) new TlsFiles(client).client()).context();
        try (var socket = (SSLSocket) context.getSocketFactory()
                .createSocket("localhost", service.address().getPort())) {
            SSLParameters http2 = socket.getSSLParameters();
            http2.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(http2);
            socket.getOutputStream().write(Http2Bytes.preface());
            String large = "x".repeat(AccessLogService.LONGEST_HEADER);
            socket.getOutputStream().write(Http2Bytes.headers(1, Map.of("x-large", large)));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.refusing().equals(Optional.of("frames")));
        }
    }

    @Test
    void filesThatChangeAreReadAgain() throws Exception {
        var files = new TlsFiles(client);
        SslContext context = files.client();
        another.issue("client", authority);
        files.refresh();
        assertThat(send(Optional.of(context))).as("another authority").isEqualTo(Status.Code.UNAVAILABLE);
        Files.writeString(Path.of(client.key()), "no key");
        files.refresh();
        authority.issue("client", authority);
        files.refresh();
        assertThat(send(Optional.of(context))).isEqualTo(Status.Code.OK);
        Files.delete(Path.of(client.key()));
        files.refresh();
        assertThat(send(Optional.of(context))).as("the last good").isEqualTo(Status.Code.OK);
    }

    @Test
    void aDeviceInPlaceOfAFileIsNotRead() {
        var odd = new AccessLogTls("/dev/zero", client.key(), client.ca());
        assertThatIOException()
                .isThrownBy(() -> new TlsFiles(odd))
                .withMessageContaining("/dev/zero is no regular file");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        for (String text :
                List.of("", "no key", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n")) {
            Files.writeString(Path.of(client.key()), text);
            assertThatIOException()
                    .isThrownBy(() -> new TlsFiles(client))
                    .withMessageContaining(client.key())
                    .withMessageContaining("PKCS#8");
        }
        Files.delete(Path.of(client.ca()));
        assertThatIOException().isThrownBy(() -> new TlsFiles(client)).withMessageContaining(client.ca());
    }

    /** OK where the service has taken a whole log. */
    private Status.Code send(Optional<SslContext> context) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress("localhost", service.address().getPort());
        context.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
        ManagedChannel channel = builder.build();
        try {
            var end = new CompletableFuture<Status.Code>();
            StreamObserver<byte[]> log = ClientCalls.asyncClientStreamingCall(
                    channel.newCall(AccessLogService.METHOD, CallOptions.DEFAULT), new StreamObserver<>() {
                        @Override
                        public void onNext(byte[] value) {}

                        @Override
                        public void onError(Throwable failure) {
                            end.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {
                            end.complete(Status.Code.OK);
                        }
                    });
            Optional<String> name = Optional.of(AccessLogServiceSettings.logName(Entrance.LEGACY));
            log.onNext(new LogMessage(Optional.of("one"), name, List.of()).bytes());
            log.onCompleted();
            return end.join();
        } catch (CompletionException e) {
            return ((StatusRuntimeException) e.getCause()).getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }
}
