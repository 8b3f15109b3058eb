package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scanned head to its parts. Empty results mean malformed. */
public final class HeadParser {
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private HeadParser() {}

    public static Optional<RequestHead> parse(ByteBuf in, int length) {
        int empty = emptyLines(in);
        String text = in.toString(in.readerIndex() + empty, length - empty, StandardCharsets.ISO_8859_1);
        String[] lines = text.split("\r\n", -1);
        String[] request = lines[0].split(" ", -1);
        if (request.length != 3 || !isToken(request[0]) || !isTarget(request[1])) {
            return Optional.empty();
        }
        boolean http10 = request[2].equals("HTTP/1.0");
        if (!http10 && !request[2].equals("HTTP/1.1")) {
            return Optional.empty();
        }
        List<RequestHead.Header> headers = new ArrayList<>(lines.length);
        // The last two elements are the empty line and what is behind it: nothing.
        for (int i = 1; i < lines.length - 2; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1 || !isToken(lines[i].substring(0, colon))) {
                return Optional.empty();
            }
            headers.add(new RequestHead.Header(lines[i].substring(0, colon), trim(lines[i].substring(colon + 1))));
        }
        var head = new RequestHead(request[0], request[1], http10, headers, length);
        return head.isAmbiguous() ? Optional.empty() : Optional.of(head);
    }

    /** Bytes of the empty lines before the request line. */
    private static int emptyLines(ByteBuf in) {
        int start = in.readerIndex();
        int end = start;
        while (in.getByte(end) == '\r') {
            end += 2;
        }
        return end - start;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && TOKEN_SIGNS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isTarget(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static String trim(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
