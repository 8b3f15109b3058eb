package io.moongate.dataplane.wire;

import io.moongate.model.destination.Entrance;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An HTTP/2 request head, which the codec has checked field by field, to the same parts as one of HTTP/1. */
public final class Http2Head {
    /** What a decision looks at: the rest would only take memory while many requests wait for theirs. */
    private static final Set<String> USED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            Entrance.UNIFIED.header().toLowerCase(Locale.ROOT),
            Entrance.LEGACY.header().toLowerCase(Locale.ROOT));

    /** Of these, so many may come. */
    static final int MOST_USED = 32;

    private Http2Head() {}

    /** Empty means malformed: CONNECT has {@code :method} and {@code :authority} alone, others need scheme and path. */
    public static Optional<RequestHead> parse(Http2Headers headers) {
        CharSequence method = headers.method();
        CharSequence authority = headers.authority();
        if (method == null || headers.contains(PseudoHeaderName.PROTOCOL.value())) {
            return Optional.empty();
        }
        boolean connect = method.toString().equals("CONNECT");
        boolean asItShould = connect
                ? authority != null && authority.length() > 0 && headers.scheme() == null && headers.path() == null
                : headers.scheme() != null && headers.path() != null;
        if (!asItShould) {
            return Optional.empty();
        }
        List<RequestHead.Header> fields = new ArrayList<>();
        if (authority != null) {
            fields.add(new RequestHead.Header("host", authority.toString()));
        }
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            // ":authority" takes the place of "host"; who sends both is taken at the former.
            if (USED.contains(name) && !(name.equals("host") && authority != null)) {
                fields.add(new RequestHead.Header(name, field.getValue().toString()));
            }
            if (fields.size() > MOST_USED) {
                return Optional.empty();
            }
        }
        CharSequence target = connect ? authority : headers.path();
        var head = new RequestHead(method.toString(), String.valueOf(target), false, fields, 0);
        return head.isAmbiguous() ? Optional.empty() : Optional.of(head);
    }
}
