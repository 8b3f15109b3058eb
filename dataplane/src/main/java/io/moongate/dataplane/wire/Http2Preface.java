package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The bytes with which a client begins that speaks HTTP/2 without having asked (RFC 9113, 3.4). */
public final class Http2Preface {
    private static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int LENGTH = BYTES.length;

    /** What is known after the bytes so far. */
    public enum Found {
        UNDECIDED,
        PRESENT,
        ABSENT
    }

    private Http2Preface() {}

    public static Found in(ByteBuf bytes) {
        if (!Prefix.matches(bytes, BYTES)) {
            return Found.ABSENT;
        }
        return bytes.readableBytes() < BYTES.length ? Found.UNDECIDED : Found.PRESENT;
    }
}
