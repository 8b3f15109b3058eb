package io.moongate.conformance.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes what an HTTP/2 client sends: the preface, SETTINGS, and then one frame for each step that the input asks for. A
 * step is: what (five bits) and how (three bits), flags, stream, and what the frame's payload needs.
 */
final class FrameMaker {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    /** The frame before, again: {@code REPEATS} times for each unit of the byte that follows. */
    static final int AGAIN = 13;
    /** A whole request to a shoot that there is. */
    static final int CONNECT = 14;

    static final int RAW = 1 << 5;
    static final int WRONG_LENGTH = 2 << 5;
    static final int TRUNCATED = 3 << 5;
    static final int ZEROS = 4 << 5;
    /** Of {@link #AGAIN}: each time on the next stream; and the two frames before. */
    static final int NEXT_STREAM = 1;

    static final int TWO = 2;

    static final int END_HEADERS = 4;
    static final int REPEATS = 16;

    private static final int UNKNOWN_TYPES = 3;
    private static final int LARGEST = 512 * 1024;
    private static final List<Integer> STREAMS =
            List.of(0, 1, 3, 5, 7, 9, 2, 4, 199, 201, 203, 100_001, Integer.MAX_VALUE, Integer.MIN_VALUE, -1);
    private static final List<Integer> NUMBERS = List.of(
            0,
            1,
            2,
            100,
            0x3fff,
            0x4000,
            0xffff,
            0x10000,
            0xffffff,
            0x1000000,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            -1);
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Bytes bytes;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private boolean inStep = true;
    private Frame last = new Frame(PING, 0, 0, new byte[8], 8);
    private Frame beforeLast = last;

    private record Frame(int type, int flags, int stream, byte[] payload, int length) {
        private Frame on(int other) {
            return new Frame(type, flags, other, payload, length);
        }
    }

    FrameMaker(Bytes bytes) {
        this.bytes = bytes;
    }

    /** Whether each frame is as long as it says, so that a reader knows where the next one begins. */
    boolean isInStep() {
        return inStep;
    }

    byte[] make() {
        wire.writeBytes(PREFACE);
        write(new Frame(SETTINGS, 0, 0, new byte[0], 0));
        while (!bytes.isEmpty() && wire.size() < LARGEST) {
            step();
        }
        return wire.toByteArray();
    }

    private void step() {
        int what = bytes.next();
        int how = what & 0xe0;
        int type = what & 0x1f;
        int flags = bytes.next();
        if (type == AGAIN) {
            again(flags, bytes.next() * REPEATS);
            return;
        }
        int selector = bytes.next();
        int stream = selector < 128 ? STREAMS.get(selector % STREAMS.size()) : (selector - 128) * 2 + 1;
        if (type == CONNECT) {
            frame(new Frame(
                    HEADERS, flags | END_HEADERS, stream, HeaderBlocks.connect(), HeaderBlocks.connect().length));
            return;
        }
        byte[] payload = payload(type, how);
        int length = how == WRONG_LENGTH ? Math.max(0, payload.length + bytes.next() - 128) : payload.length;
        inStep &= length == payload.length;
        frame(new Frame(type > CONTINUATION + UNKNOWN_TYPES ? DATA : type, flags, stream, payload, length));
    }

    private byte[] payload(int type, int how) {
        return switch (how) {
            case RAW -> bytes.take(bytes.next());
            case ZEROS -> new byte[bytes.next() * 257];
            case TRUNCATED -> java.util.Arrays.copyOf(wellFormed(type), Math.max(0, bytes.next() % 10));
            default -> wellFormed(type);
        };
    }

    private byte[] wellFormed(int type) {
        return switch (type) {
            case HEADERS, CONTINUATION -> HeaderBlocks.make(bytes);
            case PUSH_PROMISE -> concat(number(2), HeaderBlocks.make(bytes));
            case PRIORITY -> concat(number(bytes.pick(STREAMS)), new byte[] {(byte) bytes.next()});
            case RST_STREAM -> number(bytes.next());
            case SETTINGS -> settings();
            case PING -> new byte[8];
            case GOAWAY -> concat(concat(number(bytes.pick(STREAMS)), number(bytes.next())), new byte[bytes.next()]);
            case WINDOW_UPDATE -> number(bytes.pick(NUMBERS));
            default -> new byte[bytes.next()];
        };
    }

    private byte[] settings() {
        int count = bytes.next() % 8;
        var entries = ByteBuffer.allocate(count * 6);
        for (int i = 0; i < count; i++) {
            entries.putShort((short) (bytes.next() % 12)).putInt(bytes.pick(NUMBERS));
        }
        return entries.array();
    }

    private void again(int flags, int times) {
        Frame first = beforeLast;
        Frame second = last;
        for (int i = 1; i <= times && wire.size() < LARGEST; i++) {
            int further = (flags & NEXT_STREAM) != 0 ? 2 * i : 0;
            if ((flags & TWO) != 0) {
                write(first.on(first.stream() + further));
            }
            write(second.on(second.stream() + further));
        }
    }

    private void frame(Frame frame) {
        beforeLast = last;
        last = frame;
        write(frame);
    }

    private void write(Frame frame) {
        wire.writeBytes(ByteBuffer.allocate(9)
                .putInt(frame.length() << 8 | frame.type())
                .put((byte) frame.flags())
                .putInt(frame.stream())
                .array());
        wire.writeBytes(frame.payload());
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
