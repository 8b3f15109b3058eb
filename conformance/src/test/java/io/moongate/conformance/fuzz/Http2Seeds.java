package io.moongate.conformance.fuzz;

import static io.moongate.conformance.fuzz.FrameMaker.AGAIN;
import static io.moongate.conformance.fuzz.FrameMaker.CONNECT;
import static io.moongate.conformance.fuzz.FrameMaker.CONTINUATION;
import static io.moongate.conformance.fuzz.FrameMaker.DATA;
import static io.moongate.conformance.fuzz.FrameMaker.GOAWAY;
import static io.moongate.conformance.fuzz.FrameMaker.HEADERS;
import static io.moongate.conformance.fuzz.FrameMaker.NEXT_STREAM;
import static io.moongate.conformance.fuzz.FrameMaker.PING;
import static io.moongate.conformance.fuzz.FrameMaker.PRIORITY;
import static io.moongate.conformance.fuzz.FrameMaker.PUSH_PROMISE;
import static io.moongate.conformance.fuzz.FrameMaker.RAW;
import static io.moongate.conformance.fuzz.FrameMaker.RST_STREAM;
import static io.moongate.conformance.fuzz.FrameMaker.SETTINGS;
import static io.moongate.conformance.fuzz.FrameMaker.TRUNCATED;
import static io.moongate.conformance.fuzz.FrameMaker.TWO;
import static io.moongate.conformance.fuzz.FrameMaker.WINDOW_UPDATE;
import static io.moongate.conformance.fuzz.FrameMaker.WRONG_LENGTH;
import static io.moongate.conformance.fuzz.FrameMaker.ZEROS;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Sequences of frames, as steps of {@link FrameMaker}; the first number says how the connection ends. */
final class Http2Seeds {
    private static final int MANY = 255;

    private Http2Seeds() {}

    static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        valid(all);
        floods(all);
        broken(all);
        // Each part in a request that is valid without it: mutation seldom builds both.
        for (int part = 0; part < HeaderBlocks.PARTS.size(); part++) {
            put(all, "connect-with-part-%02d".formatted(part), 2, HEADERS, 4, 1, 4, 0, 1, 2, part, DATA, 1, 1, 3);
        }
        return all;
    }

    private static void valid(Map<String, byte[]> all) {
        put(all, "nothing", 0);
        put(all, "tunnel", 2, CONNECT, 0, 1, DATA, 0, 1, 100, DATA, 1, 1, 5);
        put(all, "tunnel-left-open", 1, CONNECT, 0, 1, DATA, 0, 1, 100);
        put(all, "tunnels", 2, CONNECT, 0, 1, CONNECT, 0, 2, CONNECT, 0, 3, DATA, 0, 2, 9);
        put(all, "continued", 0, HEADERS, 0, 1, 2, 0, 1, CONTINUATION, 4, 1, 1, 2);
        put(all, "get", 0, HEADERS, 5, 1, 4, 22, 24, 25, 13);
        put(all, "settings", 0, SETTINGS, 0, 0, 3, 1, 0, 4, 5, 5, 5, SETTINGS, 1, 0, 0);
        put(all, "long-session", 2, session());
        put(all, "go-away", 0, CONNECT, 0, 1, GOAWAY, 0, 0, 0, 0, 3);
    }

    /** As long as inputs may get: mutation makes none that is much longer than the longest seed. */
    private static int[] session() {
        var steps = IntStream.builder();
        for (int stream = 128; stream < 148; stream++) {
            IntStream.of(CONNECT, 0, stream, DATA, 0, stream, 50, WINDOW_UPDATE, 0, stream, 3, PING, 0, 0, DATA, 1)
                    .forEach(steps);
            IntStream.of(stream, 1, SETTINGS, 1, 0, 0, PRIORITY, 0, stream, 1, 1)
                    .forEach(steps);
        }
        return steps.build().toArray();
    }

    private static void floods(Map<String, byte[]> all) {
        put(all, "flood-resets", 0, CONNECT, 0, 1, RST_STREAM, 0, 1, 8, AGAIN, TWO | NEXT_STREAM, MANY);
        put(all, "flood-window-0", 0, CONNECT, 0, 1, WINDOW_UPDATE, 0, 1, 0, AGAIN, TWO | NEXT_STREAM, MANY);
        put(all, "flood-settings", 0, SETTINGS, 0, 0, 1, 3, 3, AGAIN, 0, MANY);
        put(all, "flood-table-size", 0, SETTINGS, 0, 0, 2, 1, 0, 1, 6, AGAIN, 0, MANY);
        put(all, "flood-pings", 0, PING, 0, 0, AGAIN, 0, MANY);
        put(all, "flood-priorities", 0, PRIORITY, 0, 1, 2, 1, AGAIN, NEXT_STREAM, MANY);
        put(all, "flood-empty-data", 0, CONNECT, 0, 1, DATA, 0, 1, 0, AGAIN, 0, MANY);
        put(all, "flood-connects", 2, CONNECT, 0, 1, AGAIN, NEXT_STREAM, MANY);
        put(all, "flood-continuations", 0, HEADERS, 0, 1, 1, 0, CONTINUATION, 0, 1, 0, AGAIN, 0, MANY);
        put(all, "flood-window-updates", 0, WINDOW_UPDATE, 0, 0, 1, AGAIN, 0, MANY);
        put(all, "flood-unknown", 0, 12, 255, 0, 3, AGAIN, 0, MANY);
        put(all, "flood-refused", 0, HEADERS, 5, 1, 3, 0, 1, 3, AGAIN, NEXT_STREAM, MANY);
        put(all, "large-data", 0, CONNECT, 0, 1, DATA | ZEROS, 0, 1, 60, AGAIN, 0, 1);
    }

    private static void broken(Map<String, byte[]> all) {
        put(all, "wrong-length", 0, PING | WRONG_LENGTH, 0, 0, 127);
        put(all, "frame-too-large", 0, DATA | ZEROS, 0, 1, 255);
        put(all, "short-ping", 0, PING | TRUNCATED, 0, 0, 7);
        put(all, "short-settings", 0, SETTINGS | TRUNCATED, 0, 0, 1, 3, 3, 5);
        put(all, "settings-too-large", 0, SETTINGS, 0, 0, 3, 4, 11, 5, 0, 2, 2);
        put(all, "window-overflow", 0, CONNECT, 0, 1, WINDOW_UPDATE, 0, 1, 10, WINDOW_UPDATE, 0, 1, 10);
        put(all, "push", 0, PUSH_PROMISE, 4, 1, 2, 22, 24);
        put(all, "even-stream", 0, CONNECT, 0, 6);
        put(all, "stream-0", 0, CONNECT, 0, 0);
        put(all, "last-stream", 0, CONNECT, 0, 12, CONNECT, 0, 1);
        put(all, "depends-on-itself", 0, PRIORITY, 0, 1, 1, 0);
        put(all, "padding", 0, HEADERS | RAW, 12, 1, 2, 255, 0);
        put(all, "table-size", 0, HEADERS, 4, 1, 3, 33, 32, 31);
        put(all, "bad-index", 0, HEADERS, 4, 1, 1, 28);
        put(all, "bad-huffman", 0, HEADERS, 4, 1, 3, 36, 37, 40);
        put(all, "line-end-in-value", 0, HEADERS, 4, 1, 4, 0, 1, 2, 11);
        put(all, "too-long-head", 0, HEADERS, 4, 1, 4, 0, 1, 2, 20);
        put(all, "data-without-stream", 0, DATA, 0, 5, 7);
        put(all, "continuation-alone", 0, CONTINUATION, 4, 1, 1, 0);
        put(all, "raw", 0, 11 | RAW, 7, 100, 3, 1, 2, 3);
    }

    private static void put(Map<String, byte[]> all, String name, int end, int... steps) {
        byte[] bytes = new byte[steps.length + 1];
        bytes[0] = (byte) end;
        for (int i = 0; i < steps.length; i++) {
            bytes[i + 1] = (byte) steps[i];
        }
        all.put(name, bytes);
    }
}
