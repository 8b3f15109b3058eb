package io.moongate.cli.demo;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One shoot's client: keeps a tunnel up, sends something ten times a second, and dials again when it is cut off. */
final class DemoClient implements AutoCloseable {
    private static final long PING_MILLIS = 100;
    private static final int LONGEST_HEAD = 4096;

    private final String technicalId;
    private final Map<Entrance, InetSocketAddress> gateway;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private volatile Entrance entrance = Entrance.LEGACY;
    private volatile boolean up;
    private volatile boolean moving;
    private volatile boolean closed;
    private volatile @Nullable Socket socket;

    DemoClient(String technicalId, Map<Entrance, InetSocketAddress> gateway) {
        this.technicalId = technicalId;
        this.gateway = gateway;
        Thread.ofVirtual().name("demo-" + technicalId).start(this::run);
    }

    Entrance entrance() {
        return entrance;
    }

    boolean isUp() {
        return up;
    }

    long answered() {
        return answered.get();
    }

    /** How often its tunnel ended without its own doing. */
    long cut() {
        return cut.get();
    }

    /** As a rollout does it: the old tunnel ends, the new one is set up on the other port. */
    void move() throws IOException {
        moving = true;
        entrance = Entrance.UNIFIED;
        hangUp();
    }

    private void run() {
        while (!closed) {
            try {
                serve();
            } catch (IOException e) {
                boolean unexpected = up && !moving && !closed;
                cut.addAndGet(unexpected ? 1 : 0);
            } catch (InterruptedException e) {
                return;
            }
            up = false;
            moving = false;
            pause();
        }
    }

    private void serve() throws IOException, InterruptedException {
        try (var dialled = new Socket()) {
            socket = dialled;
            dialled.setSoTimeout(5000);
            dialled.connect(
                    gateway.getOrDefault(entrance, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)), 1000);
            var destination = new Destination(Destination.Server.KUBE_APISERVER, technicalId);
            dialled.getOutputStream()
                    .write(("CONNECT demo:443 HTTP/1.1\r\nHost: demo:443\r\n" + entrance.header() + ": "
                                    + destination.headerValue() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            readHead(dialled);
            up = true;
            byte[] ping = "hello".getBytes(StandardCharsets.US_ASCII);
            while (!closed) {
                dialled.getOutputStream().write(ping);
                if (dialled.getInputStream().readNBytes(ping.length).length < ping.length) {
                    throw new IOException("the tunnel has ended");
                }
                answered.incrementAndGet();
                Thread.sleep(PING_MILLIS);
            }
        }
    }

    private static void readHead(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0 || head.length() > LONGEST_HEAD) {
                throw new IOException("refused");
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException(head.toString());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hangUp() throws IOException {
        Socket current = socket;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        hangUp();
    }
}
