package io.moongate.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server behind the gateway: accepts, hands each connection to {@code serve} on a virtual thread. */
public final class Upstream implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final BlockingQueue<Socket> connections = new LinkedBlockingQueue<>();

    /** What the server does with a connection; it is closed afterwards. */
    public interface Serve {
        void serve(Socket socket) throws IOException;
    }

    private Upstream(InetAddress address, int receiveBuffer, Serve serve) {
        try {
            server = new ServerSocket();
            if (receiveBuffer > 0) {
                server.setReceiveBufferSize(receiveBuffer);
            }
            server.bind(new InetSocketAddress(address, 0), 2048);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    accepted.incrementAndGet();
                    open.incrementAndGet();
                    connections.add(socket);
                    Thread.ofVirtual().start(() -> run(serve, socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void run(Serve serve, Socket socket) {
        try (socket) {
            serve.serve(socket);
        } catch (IOException gone) {
            // The test asserts on what the client saw.
        } catch (AssertionError wrong) {
            System.err.println("upstream: " + wrong);
        } finally {
            open.decrementAndGet();
        }
    }

    public static Upstream serving(Serve serve) {
        return new Upstream(InetAddress.getLoopbackAddress(), 0, serve);
    }

    /** @param receiveBuffer of the kernel, in bytes: what a server that does not read takes all the same */
    public static Upstream serving(int receiveBuffer, Serve serve) {
        return new Upstream(InetAddress.getLoopbackAddress(), receiveBuffer, serve);
    }

    /** Sends back what it gets, and its end after the client's. */
    public static Upstream echo() {
        return echo(InetAddress.getLoopbackAddress());
    }

    public static Upstream echo(InetAddress address) {
        return new Upstream(address, 0, socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    public int accepted() {
        return accepted.get();
    }

    /** Connections whose end this server has not seen yet. */
    public int open() {
        return open.get();
    }

    /** The next accepted connection, for tests that play the server themselves. */
    public Socket next() throws InterruptedException {
        Socket socket = connections.poll(10, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("nothing came to the upstream");
        }
        return socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
