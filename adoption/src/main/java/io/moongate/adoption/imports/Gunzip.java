package io.moongate.adoption.imports;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A gzip file of any number of members. The JDK's own reader takes whatever follows a member for the end if it is not
 * another one, and on a pipe it may stop after the first: then lines would be missing, and nothing would show it.
 */
final class Gunzip extends InputStream {
    private static final int FLAGS = 3;
    private static final int HEADER = 10;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CRC = 2;
    private static final int DEFLATE = 8;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[64 * 1024];
    private int at;
    private int end;
    private boolean over;
    private long length;

    /** @throws IOException when it is none */
    Gunzip(InputStream in) throws IOException {
        this.in = in;
        header(next());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        try {
            while (!over) {
                int n = inflater.inflate(to, offset, count);
                if (n > 0) {
                    crc.update(to, offset, n);
                    length += n;
                    return n;
                }
                if (inflater.finished() || inflater.needsDictionary()) {
                    trailer();
                } else {
                    feed();
                }
            }
            return -1;
        } catch (DataFormatException e) {
            throw new IOException("the compressed data is damaged", e);
        }
    }

    private void feed() throws IOException {
        if (at == end && !fill()) {
            throw new EOFException("the compressed data ends too early");
        }
        inflater.setInput(buffer, at, end - at);
        at = end;
    }

    /** Also finds the next member, if there is one. */
    private void trailer() throws IOException {
        at = end - inflater.getRemaining();
        long sum = number();
        long size = number();
        if (sum != crc.getValue() || size != (length & 0xffffffffL)) {
            throw new IOException("the compressed data is damaged: its checksum is wrong");
        }
        int first = next();
        // Some tools fill up the last block.
        while (first == 0) {
            first = next();
        }
        if (first < 0) {
            over = true;
            return;
        }
        inflater.reset();
        crc.reset();
        length = 0;
        header(first);
    }

    private void header(int first) throws IOException {
        int[] fixed = new int[HEADER];
        fixed[0] = first;
        for (int i = 1; i < HEADER; i++) {
            fixed[i] = required();
        }
        if (first != 0x1f || fixed[1] != 0x8b || fixed[2] != DEFLATE) {
            throw new IOException("something that is not gzip follows the compressed data");
        }
        int flags = fixed[FLAGS];
        if ((flags & EXTRA) != 0) {
            int count = required() | required() << Byte.SIZE;
            for (int i = 0; i < count; i++) {
                required();
            }
        }
        skipText((flags & NAME) != 0);
        skipText((flags & COMMENT) != 0);
        if ((flags & HEADER_CRC) != 0) {
            required();
            required();
        }
    }

    private void skipText(boolean present) throws IOException {
        while (present && required() != 0) {
            // Up to its end.
        }
    }

    private long number() throws IOException {
        long value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= (long) required() << i * Byte.SIZE;
        }
        return value;
    }

    private int required() throws IOException {
        int next = next();
        if (next < 0) {
            throw new EOFException("the compressed data ends too early");
        }
        return next;
    }

    /** −1 at the end. */
    private int next() throws IOException {
        return at == end && !fill() ? -1 : buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        int n = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(0, n);
        return n > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
