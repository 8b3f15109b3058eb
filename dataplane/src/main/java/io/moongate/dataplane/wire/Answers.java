package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Optional;
import java.util.regex.Pattern;

/** The gateway's answers to the byte. */
public final class Answers {
    // Only what can stand in a URL goes back into one: the answer must not carry what a client made up.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern ABSOLUTE = Pattern.compile("[Hh][Tt][Tt][Pp][Ss]?://([^/?#]*)([^#]*).*");

    private Answers() {}

    /** After this come the destination's bytes, so neither length nor encoding may be announced. */
    public static ByteBuf established(ByteBufAllocator allocator, boolean http10) {
        return ByteBufUtil.writeAscii(allocator, version(http10) + " 200 OK\r\n\r\n");
    }

    public static ByteBuf refused(ByteBufAllocator allocator, boolean http10, int status, Optional<String> location) {
        String text =
                version(http10) + " " + status + " " + reason(status) + "\r\ncontent-length: 0\r\nconnection: close\r\n"
                        + location.map(l -> "location: " + l + "\r\n").orElse("") + "\r\n";
        return ByteBufUtil.writeAscii(allocator, text);
    }

    /** Where a browser that came to a tunnel port is sent; nothing for CONNECT, as upstream's Envoy does. */
    public static Optional<String> location(RequestHead head) {
        if (head.isConnect()) {
            return Optional.empty();
        }
        var absolute = ABSOLUTE.matcher(head.target());
        boolean isAbsolute = absolute.matches();
        String authority = isAbsolute ? absolute.group(1) : head.first("host").orElse("");
        String path = isAbsolute ? absolute.group(2) : head.target();
        String host = authority.replaceFirst(":\\d*$", "");
        if (!HOST.matcher(host).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                "https://" + host + ":443" + (path.startsWith("/") ? path : "/" + (path.startsWith("?") ? path : "")));
    }

    private static String version(boolean http10) {
        return http10 ? "HTTP/1.0" : "HTTP/1.1";
    }

    private static String reason(int status) {
        return switch (status) {
            case 301 -> "Moved Permanently";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 408 -> "Request Timeout";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> throw new IllegalArgumentException("no answer with status " + status);
        };
    }
}
