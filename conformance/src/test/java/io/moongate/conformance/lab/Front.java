package io.moongate.conformance.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** What stands before an API server, and can refuse whatever is asked: watches end then, too. */
public final class Front implements AutoCloseable {
    private static final byte[] REFUSAL =
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Cluster cluster;
    private final SSLContext tls;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean refusing;

    public Front(Cluster cluster, Path folder) throws IOException {
        this.cluster = cluster;
        this.tls = ownCertificate(folder);
        Thread.ofVirtual().start(this::accept);
    }

    /** The cluster's kubeconfig, by this way. */
    public Path kubeconfig(Path file) throws IOException {
        String text = Files.readString(cluster.kubeconfig())
                .replace("https://" + cluster.address() + ":6443", "https://127.0.0.1:" + server.getLocalPort());
        return Files.writeString(file, text);
    }

    /** From now on whatever is asked gets 429, or does not. */
    public void refuse(boolean on) throws IOException {
        refusing = on;
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    public long refused() {
        return refused.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (refusing) {
                refuse(client);
                return;
            }
            try (var upstream = new Socket(cluster.address(), 6443)) {
                Thread back = Thread.ofVirtual().start(() -> copy(upstream, client));
                copy(client, upstream);
                back.join();
            }
        } catch (IOException gone) {
            // Whoever asked sees it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(Socket client) throws IOException {
        try (var secure = (SSLSocket) tls.getSocketFactory().createSocket(client, null, true)) {
            secure.setUseClientMode(false);
            InputStream in = secure.getInputStream();
            if (in.read() < 0) {
                return;
            }
            refused.incrementAndGet();
            secure.getOutputStream().write(REFUSAL);
            secure.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Whichever side ends, both do. */
    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // Closed by the other direction, or by whoever asked.
        }
    }

    private static SSLContext ownCertificate(Path folder) throws IOException {
        String file = Files.createDirectories(folder).resolve("front.p12").toString();
        char[] password = "changeit".toCharArray();
        Lab.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "front",
                "-dname",
                "CN=front",
                "-keystore",
                file,
                "-storepass",
                new String(password));
        try (var in = Files.newInputStream(Path.of(file))) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, password);
            var context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        refuse(true);
    }
}
