package io.moongate.manifest.file;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a text, of which a damaged one may have no end: what is longer than the limit is left out, and counted. */
final class BoundedLines implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Reader in;
    private final int longest;
    private final char[] buffer = new char[BUFFER];
    private int at;
    private int filled;
    private int tooLong;

    /** @param longest in characters, without the line's end */
    BoundedLines(Reader in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line that is not too long; null at the end. */
    @Nullable
    String next() throws IOException {
        var line = new StringBuilder();
        boolean skipped = false;
        while (fill()) {
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            skipped |= line.length() + (end - at) > longest;
            if (skipped) {
                line.setLength(0);
            } else {
                line.append(buffer, at, end - at);
            }
            boolean whole = end < filled;
            at = whole ? end + 1 : end;
            if (whole && !skipped) {
                return line.toString();
            }
            if (whole) {
                tooLong++;
                skipped = false;
            }
        }
        tooLong += skipped ? 1 : 0;
        return line.isEmpty() ? null : line.toString();
    }

    private boolean fill() throws IOException {
        if (at < filled) {
            return true;
        }
        at = 0;
        filled = in.read(buffer);
        return filled > 0;
    }

    /** How many were left out. */
    int tooLong() {
        return tooLong;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
