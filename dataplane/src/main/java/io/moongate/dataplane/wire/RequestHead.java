package io.moongate.dataplane.wire;

import java.util.List;
import java.util.Optional;

/**
 * A request line and headers, as strictly as {@link HeadScanner} let them through. {@code length} counts the bytes up
 * to and including the empty line.
 */
public record RequestHead(String method, String target, boolean http10, List<Header> headers, int length) {
    public RequestHead {
        headers = List.copyOf(headers);
    }

    public record Header(String name, String value) {}

    public boolean isConnect() {
        return method.equals("CONNECT");
    }

    /** A body on a CONNECT, or two hosts: readers differ on what such a request means. */
    boolean isAmbiguous() {
        boolean body = has("content-length") || has("transfer-encoding");
        return isConnect() && body || values("host").size() > 1;
    }

    public boolean has(String name) {
        return headers.stream().anyMatch(h -> h.name().equalsIgnoreCase(name));
    }

    public List<String> values(String name) {
        return headers.stream()
                .filter(h -> h.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    public Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }
}
