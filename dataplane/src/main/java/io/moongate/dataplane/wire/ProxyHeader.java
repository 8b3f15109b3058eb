package io.moongate.dataplane.wire;

import io.moongate.model.net.Addresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What stands at the start of a connection where a PROXY protocol header (version 1 or 2) may stand. */
public sealed interface ProxyHeader {
    /** So far it may become a header, or not. */
    record Undecided() implements ProxyHeader {}

    /** The first bytes are those of something else. */
    record Absent() implements ProxyHeader {}

    /** It has the signature of a header; the rest is still to come. */
    record Started() implements ProxyHeader {}

    /** A header that names the client. */
    record Client(InetSocketAddress address, int length) implements ProxyHeader {}

    /** LOCAL or UNKNOWN: the peer speaks for itself. */
    record Peer(int length) implements ProxyHeader {}

    /** It has the signature of a header and is none. */
    record Malformed() implements ProxyHeader {}

    /** Longest v2 header taken: addresses and some extensions, far more than any load balancer sends. */
    int MAX_LENGTH = 4096;

    static ProxyHeader read(ByteBuf in) {
        if (Prefix.matches(in, Signatures.V2)) {
            return in.readableBytes() < Signatures.V2.length ? new Undecided() : version2(in);
        }
        if (Prefix.matches(in, Signatures.V1)) {
            return in.readableBytes() < Signatures.V1.length ? new Undecided() : version1(in);
        }
        return new Absent();
    }

    private static ProxyHeader version2(ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < 16) {
            return new Started();
        }
        int versionAndCommand = in.getUnsignedByte(start + 12);
        int family = in.getUnsignedByte(start + 13);
        int length = in.getUnsignedShort(start + 14);
        boolean known = versionAndCommand == 0x20 || versionAndCommand == 0x21;
        if (!known || length > MAX_LENGTH) {
            return new Malformed();
        }
        if (in.readableBytes() < 16 + length) {
            return new Started();
        }
        if (versionAndCommand == 0x20 || family == 0x00) {
            return new Peer(16 + length);
        }
        return switch (family) {
            case 0x11 -> address(in, 4, length);
            case 0x21 -> address(in, 16, length);
            default -> new Malformed();
        };
    }

    private static ProxyHeader address(ByteBuf in, int bytes, int length) {
        if (length < 2 * bytes + 4) {
            return new Malformed();
        }
        int start = in.readerIndex() + 16;
        int port = in.getUnsignedShort(start + 2 * bytes);
        try {
            InetAddress source = InetAddress.getByAddress(ByteBufUtil.getBytes(in, start, bytes));
            return new Client(new InetSocketAddress(source, port), 16 + length);
        } catch (UnknownHostException wrongLength) {
            return new Malformed();
        }
    }

    private static ProxyHeader version1(ByteBuf in) {
        int limit = Math.min(in.readableBytes(), Signatures.V1_MAX);
        int newline = in.indexOf(in.readerIndex(), in.readerIndex() + limit, (byte) '\n');
        if (newline < 0) {
            return limit == Signatures.V1_MAX ? new Malformed() : new Started();
        }
        int length = newline - in.readerIndex() + 1;
        String line = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
        if (!line.endsWith("\r\n")) {
            return new Malformed();
        }
        String[] parts = line.substring(0, line.length() - 2).split(" ", -1);
        if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
            return new Peer(length);
        }
        if (parts.length != 6 || !(parts[1].equals("TCP4") || parts[1].equals("TCP6"))) {
            return new Malformed();
        }
        Optional<InetAddress> source = Addresses.parse(parts[2]);
        boolean sameFamily = source.isPresent() && parts[1].equals("TCP4") == parts[2].indexOf(':') < 0;
        boolean valid = sameFamily && Addresses.parse(parts[3]).isPresent() && isPort(parts[4]) && isPort(parts[5]);
        return valid
                ? new Client(new InetSocketAddress(source.get(), Integer.parseInt(parts[4])), length)
                : new Malformed();
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9]\\d{0,4}") && Integer.parseInt(text) <= 65535;
    }

    /** The bytes by which the two versions are known. */
    final class Signatures {
        static final byte[] V1 = {'P', 'R', 'O', 'X', 'Y', ' '};
        static final byte[] V2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
        /** The longest line that the specification allows, CRLF included. */
        static final int V1_MAX = 107;

        private Signatures() {}
    }
}
