package io.moongate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Behind all subjects: the first byte says whether the rest is sent back ('e') or swallowed ('s'), the end answered. */
final class Server implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());

    Server() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            int mode = in.read();
            var block = new byte[64 * 1024];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                if (mode == 'e') {
                    out.write(block, 0, n);
                }
            }
            out.write('.');
        } catch (IOException gone) {
            // The load counts what it got.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
