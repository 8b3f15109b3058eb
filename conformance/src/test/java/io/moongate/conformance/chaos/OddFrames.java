package io.moongate.conformance.chaos;

import io.moongate.dataplane.testing.Client;
import io.moongate.model.destination.Entrance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** HTTP/2 connections that flood with frames of every type, and such whose frames are of no use at all. */
final class OddFrames implements Nuisance {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int PATIENCE_MILLIS = 300;
    private static final int MOST_FRAMES = 3_000;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final InetSocketAddress gateway;
    private final byte[] connect;

    /** @param value a destination that there is */
    OddFrames(InetSocketAddress gateway, String value) {
        this.gateway = gateway;
        this.connect = connectHead(value);
    }

    @Override
    public void once(Random random) throws IOException {
        try (var client = new Client(gateway)) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            client.send(PREFACE);
            client.send(frame(SETTINGS, 0, 0, new byte[0]));
            var frames = new ByteArrayOutputStream();
            int kind = random.nextInt(9);
            int many = 1 + random.nextInt(MOST_FRAMES);
            for (int i = 0; i < many; i++) {
                int stream = 2 * i + 1;
                switch (kind) {
                    case 0 -> frames.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
                    case 1 -> frames.writeBytes(frame(PING, 0, 0, new byte[8]));
                    case 2 -> frames.writeBytes(frame(PRIORITY, 0, stream, new byte[5]));
                    case 3 -> {
                        frames.writeBytes(frame(HEADERS, END_HEADERS, stream, connect));
                        frames.writeBytes(frame(RST_STREAM, 0, stream, new byte[4]));
                    }
                    case 4 -> {
                        frames.writeBytes(frame(HEADERS, END_HEADERS, stream, connect));
                        frames.writeBytes(frame(WINDOW_UPDATE, 0, stream, new byte[4]));
                    }
                    case 5 -> frames.writeBytes(frame(DATA, 0, 1, new byte[0]));
                    case 6 -> frames.writeBytes(frame(i == 0 ? HEADERS : CONTINUATION, 0, 1, new byte[0]));
                    case 7 ->
                        frames.writeBytes(frame(
                                random.nextInt(256),
                                random.nextInt(256),
                                random.nextInt(200),
                                OddFiles.bytes(random, random.nextInt(64))));
                    default -> frames.writeBytes(frame(HEADERS, END_HEADERS, stream, connect));
                }
            }
            client.send(frames.toByteArray());
            client.in().read(new byte[4096]);
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** HPACK's literals without indexing; a length of more than 126 takes a second byte. */
    private static byte[] connectHead(String value) {
        var head = new ByteArrayOutputStream();
        literal(head, ":method", "CONNECT");
        literal(head, ":authority", "ignored.example:1");
        literal(head, Entrance.UNIFIED.header().toLowerCase(Locale.ROOT), value);
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream head, String name, String value) {
        head.write(0);
        text(head, name);
        text(head, value);
    }

    private static void text(ByteArrayOutputStream head, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 126) {
            throw new IllegalArgumentException("longer than this simple encoder takes: " + text);
        }
        head.write(bytes.length);
        head.writeBytes(bytes);
    }
}
