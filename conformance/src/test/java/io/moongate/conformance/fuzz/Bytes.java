package io.moongate.conformance.fuzz;

import java.util.Arrays;
import java.util.List;

/** The fuzzer's input, read from its start so that a seed can be written by hand; zeros follow its end. */
public final class Bytes {
    private final byte[] input;
    private int at;

    public Bytes(byte[] input) {
        this.input = input;
    }

    public boolean isEmpty() {
        return at >= input.length;
    }

    /** 0 to 255. */
    public int next() {
        int value = isEmpty() ? 0 : input[at] & 0xff;
        at++;
        return value;
    }

    public <T> T pick(List<T> from) {
        return from.get(next() % from.size());
    }

    /** At most so many; fewer at the end. */
    public byte[] take(int most) {
        int from = Math.min(at, input.length);
        int to = Math.min(input.length, from + most);
        at = to;
        return Arrays.copyOfRange(input, from, to);
    }

    public byte[] rest() {
        return take(input.length);
    }
}
