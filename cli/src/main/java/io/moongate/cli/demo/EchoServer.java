package io.moongate.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands for the shoots' API servers: says what it hears. */
final class EchoServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EchoServer.class);

    private final ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());

    EchoServer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException e) {
                LOG.debug("closed, or a client has gone: {}", e.getMessage());
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            LOG.debug("a client has gone: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
