package io.moongate.conformance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Joins two networks that do not reach each other: what comes to one address goes on to another. */
public final class Forward implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress to;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    /** @param port 0 takes any free one */
    public Forward(InetAddress address, int port, InetSocketAddress to) throws IOException {
        this.server = new ServerSocket(port, 100, address);
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket client) {
        try (client;
                var upstream = new Socket()) {
            upstream.connect(to, 5000);
            sockets.add(upstream);
            Thread back = Thread.ofVirtual().start(() -> copy(upstream, client));
            copy(client, upstream);
            back.join();
        } catch (IOException gone) {
            // Whoever asked sees it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.forEach(Forward::close);
    }
}
