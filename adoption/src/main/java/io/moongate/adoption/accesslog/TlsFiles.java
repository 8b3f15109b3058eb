package io.moongate.adoption.accesslog;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.moongate.model.config.AccessLogTls;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate, key and certificate authorities from files that may change: new connections use what was read last. What
 * cannot be read leaves the last good in use. Of one thread at a time.
 */
final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    /** Of each, in bytes: a bundle of many certificate authorities. */
    private static final int LARGEST_FILE = 4 << 20;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final AccessLogTls files;
    private final AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private List<String> read = List.of();

    /** @throws IOException with a sentence for people when they cannot be used */
    TlsFiles(AccessLogTls files) throws IOException {
        this.files = files;
        try {
            trust = AdvancedTlsX509TrustManager.newBuilder().build();
            load(contents());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unusable(e);
        }
    }

    /** Reads them again if they have changed. */
    void refresh() {
        List<String> now;
        try {
            now = contents();
        } catch (IOException | RuntimeException e) {
            // Its mount is being replaced, or is gone: the next turn shows which.
            LOG.warn("the TLS files of the access log service stay as they were read last: {}", e.toString());
            return;
        }
        if (now.equals(read)) {
            return;
        }
        try {
            load(now);
            LOG.info("the TLS files of the access log service have changed and are in use");
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            read = now;
            LOG.warn(
                    "the TLS files of the access log service stay as they were read last: {}",
                    unusable(e).getMessage());
        }
    }

    private void load(List<String> now) throws IOException, GeneralSecurityException {
        trust.updateTrustCredentials(Path.of(files.ca()).toFile());
        key.updateIdentityCredentials(
                Path.of(files.certificate()).toFile(), Path.of(files.key()).toFile());
        read = now;
    }

    private List<String> contents() throws IOException {
        var contents = new ArrayList<String>();
        for (String file : List.of(files.certificate(), files.key(), files.ca())) {
            contents.add(text(Path.of(file)));
        }
        return contents;
    }

    private static String text(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is larger than " + LARGEST_FILE + " bytes");
        }
        return Files.readString(file);
    }

    private IOException unusable(Exception e) {
        return new IOException(
                "the TLS files " + files.certificate() + ", " + files.key() + " and " + files.ca()
                        + " cannot be used (" + e.getMessage()
                        + "); give PEM files, the key as PKCS#8 (openssl pkcs8 -topk8 -nocrypt)",
                e);
    }

    SslContext server() throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forServer(key), SslProvider.JDK)
                .trustManager(trust)
                .clientAuth(ClientAuth.REQUIRE)
                .protocols(PROTOCOLS)
                .build();
    }

    SslContext client() throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .keyManager(key)
                .trustManager(trust)
                .protocols(PROTOCOLS)
                .build();
    }
}
