package io.moongate.adoption.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a stream, each held alone; one that is too long is skipped to its end, if it comes to one. */
final class Lines {
    /** Envoy's headers together are at most 60 KiB. */
    static final int LONGEST = 128 * 1024;

    /** More than any disk that was full has made of a line; a device has no end at all. */
    static final long LONGEST_SKIPPED = 1L << 30;

    private final InputStream in;
    private final byte[] buffer = new byte[256 * 1024];
    private byte[] line = new byte[1024];
    private int at;
    private int end;
    private int length;
    private boolean tooLong;
    private long number;

    /** A line that is not even skipped to its end. */
    static final class Endless extends IOException {
        @Serial
        private static final long serialVersionUID = 1;
    }

    Lines(InputStream in) {
        this.in = in;
    }

    /** Of the line that was read last, from one. */
    long number() {
        return number;
    }

    /** Whether the line that was read last was longer than {@link #LONGEST}; what there is of it is its begin. */
    boolean tooLong() {
        return tooLong;
    }

    /** Goes on to the next line; false at the end. */
    boolean next() throws IOException {
        length = 0;
        tooLong = false;
        boolean any = false;
        long read = 0;
        while (true) {
            if (at == end) {
                int n = in.read(buffer, 0, buffer.length);
                if (n <= 0) {
                    number += any ? 1 : 0;
                    return any;
                }
                at = 0;
                end = n;
            }
            any = true;
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            append(stop - at);
            read += stop - at;
            if (read > LONGEST_SKIPPED) {
                throw new Endless();
            }
            boolean found = stop < end;
            at = found ? stop + 1 : stop;
            if (found) {
                number++;
                return true;
            }
        }
    }

    private void append(int count) {
        int room = Math.min(count, LONGEST - length);
        tooLong |= room < count;
        if (length + room > line.length) {
            line = Arrays.copyOf(line, Math.max(length + room, Math.min(LONGEST, 2 * line.length)));
        }
        System.arraycopy(buffer, at, line, length, room);
        length += room;
    }

    /** Without its end. Bytes that are no UTF-8 are replaced. */
    String text() {
        int from = number == 1 && length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb ? 3 : 0;
        int to = length > from && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }
}
