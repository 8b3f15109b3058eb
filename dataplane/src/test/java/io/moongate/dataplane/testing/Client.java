package io.moongate.dataplane.testing;

import io.moongate.model.destination.Entrance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of the gateway that writes requests byte by byte as the test wants them. */
public final class Client implements AutoCloseable {
    private final Socket socket;

    public Client(InetSocketAddress gateway) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(gateway, 10_000);
    }

    public static String connect(Entrance entrance, String value) {
        return "CONNECT ignored.example:1 HTTP/1.1\r\nHost: ignored.example\r\n" + entrance.header() + ": " + value
                + "\r\n\r\n";
    }

    /** A tunnel that is up. */
    public static Client tunnel(InetSocketAddress gateway, Entrance entrance, String value) throws IOException {
        var client = new Client(gateway);
        client.send(connect(entrance, value));
        String head = client.readHead();
        if (!head.equals("HTTP/1.1 200 OK\r\n\r\n")) {
            throw new AssertionError("no tunnel but " + head);
        }
        return client;
    }

    public Client send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Client send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Up to and including the empty line; what was there if the connection ends before. */
    public String readHead() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    public String read(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    public String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    public OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    public Socket socket() {
        return socket;
    }

    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
