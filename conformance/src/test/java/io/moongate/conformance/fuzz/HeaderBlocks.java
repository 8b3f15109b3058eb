package io.moongate.conformance.fuzz;

import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** HPACK: blocks of valid and invalid parts. */
final class HeaderBlocks {
    private static final String DESTINATION = Entrance.UNIFIED.header().toLowerCase(Locale.ROOT);
    private static final byte[] CONNECT_METHOD = literal(":method", "CONNECT");
    private static final byte[] AUTHORITY = literal(":authority", "a:1");
    private static final byte[] TO_SHOOT = literal(DESTINATION, Plans.apiServer(LiveGateway.SHOOT));

    /** An input names them by their place in this list; new ones go to its end. */
    static final List<byte[]> PARTS = List.of(
            CONNECT_METHOD,
            AUTHORITY,
            TO_SHOOT,
            literal(DESTINATION, "outbound|443||unknown"),
            literal(DESTINATION, ""),
            literal(Entrance.LEGACY.header().toLowerCase(Locale.ROOT), Plans.apiServer(LiveGateway.SHOOT)),
            literal(":protocol", "websocket"),
            literal(":unknown", "a"),
            literal(":status", "200"),
            literal("UPPER", "a"),
            literal("", "a"),
            literal("a", "b\r\nc: d"),
            literal("a b", "\0"),
            literal("host", "b:2"),
            literal("content-length", "5"),
            literal("transfer-encoding", "chunked"),
            literal("connection", "close"),
            literal("te", "gzip"),
            literal("cookie", "a=b"),
            literal("long", "v".repeat(9000)),
            literal("longest", "v".repeat(20_000)),
            literal("n".repeat(9000), ""),
            // Of the static table: GET, POST, /, https; of the dynamic one; and such as there are none.
            hex("82"),
            hex("83"),
            hex("84"),
            hex("87"),
            hex("be"),
            hex("c0"),
            hex("80"),
            hex("ffffffffff7f"),
            hex("ffffffffffffffffff7f"),
            // Changes of the table's size.
            hex("20"),
            hex("3fe11f"),
            hex("3fffffff0f"),
            // A name and value that enter the table; one that never does; Huffman code, broken and cut.
            hex("4001610162"),
            hex("1001610162"),
            hex("0081ff81ff"),
            hex("008400000000"),
            hex("0085"),
            hex("007f61"),
            hex("00ff"));

    private HeaderBlocks() {}

    static byte[] connect() {
        var block = new ByteArrayOutputStream();
        block.writeBytes(CONNECT_METHOD);
        block.writeBytes(AUTHORITY);
        block.writeBytes(TO_SHOOT);
        return block.toByteArray();
    }

    static byte[] make(Bytes bytes) {
        var block = new ByteArrayOutputStream();
        int parts = bytes.next() % 12;
        for (int i = 0; i < parts; i++) {
            block.writeBytes(bytes.pick(PARTS));
        }
        return block.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] literal(String name, String value) {
        var part = new ByteArrayOutputStream();
        part.write(0);
        string(part, name);
        string(part, value);
        return part.toByteArray();
    }

    /** A length below 127 is a byte; others go on in groups of seven bits. */
    private static void string(ByteArrayOutputStream part, String text) {
        int length = text.length();
        if (length < 127) {
            part.write(length);
        } else {
            part.write(127);
            for (length -= 127; length >= 128; length >>= 7) {
                part.write(length & 0x7f | 0x80);
            }
            part.write(length);
        }
        part.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
