package io.moongate.adoption.accesslog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HTTP/2 as bytes, for clients that no library would let be as they are. */
final class Http2Bytes {
    private static final int END_HEADERS = 4;

    private Http2Bytes() {}

    /** With the client's SETTINGS. */
    static byte[] preface() {
        byte[] magic = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] settings = frame(4, 0, 0, new byte[0]);
        return ByteBuffer.allocate(magic.length + settings.length)
                .put(magic)
                .put(settings)
                .array();
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** DATA with the beginning of a gRPC message, or all of it. */
    static byte[] data(int stream, boolean compressed, int length, byte[] content) {
        return frame(
                0,
                0,
                stream,
                ByteBuffer.allocate(5 + content.length)
                        .put((byte) (compressed ? 1 : 0))
                        .putInt(length)
                        .put(content)
                        .array());
    }

    static byte[] headers(int stream) {
        return headers(stream, Map.of());
    }

    /** Opens a stream of the access log service. */
    static byte[] headers(int stream, Map<String, String> more) {
        var block = new ByteArrayOutputStream();
        Map.of(
                        ":method", "POST",
                        ":scheme", "http",
                        ":authority", "a",
                        ":path", "/" + AccessLogService.METHOD.getFullMethodName())
                .forEach((name, value) -> literal(block, name, value));
        literal(block, "content-type", "application/grpc");
        literal(block, "te", "trailers");
        more.forEach((name, value) -> literal(block, name, value));
        return frame(1, END_HEADERS, stream, block.toByteArray());
    }

    /** Without Huffman's code, and without a table (RFC 7541). */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : new String[] {name, value}) {
            integer(block, text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void integer(ByteArrayOutputStream block, int value) {
        if (value < 127) {
            block.write(value);
            return;
        }
        block.write(127);
        int rest = value - 127;
        while (rest >= 128) {
            block.write(rest % 128 + 128);
            rest /= 128;
        }
        block.write(rest);
    }
}
