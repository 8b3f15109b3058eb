package io.moongate.adoption.imports;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which tunnels have been counted, and what each carried at most: so that a line that comes twice, or the line at the
 * set-up and the one at the end, count once. A tunnel takes 24 bytes here, and the table is at most two thirds full.
 * Two tunnels out of four million are taken for one with a probability of one to two million.
 */
final class TunnelSet {
    /** 200 MB with the table's room. Tunnels beyond it are known by their times alone, and not counted. */
    static final int MOST = 4_000_000;

    private static final int FIRST = 1 << 12;

    private final MessageDigest digest;
    private final int most;
    private long[] keys = new long[FIRST];
    private long[] in = new long[FIRST];
    private long[] out = new long[FIRST];
    private int size;

    /**
     * What a line adds to what was known.
     *
     * @param tunnel whether it is the first line about its tunnel
     * @param beyond whether there is no room for its tunnel: it may have been counted or not
     */
    record Added(boolean tunnel, boolean beyond, long bytesIn, long bytesOut) {
        private static final Added BEYOND = new Added(false, true, 0, 0);
    }

    TunnelSet(int most) {
        this.most = most;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Added add(LogLine.Traffic traffic) {
        long key = key(traffic.identity());
        int slot = slot(keys, key);
        boolean known = keys[slot] == key;
        if (!known) {
            if (size >= most) {
                return Added.BEYOND;
            }
            if ((size + 1) * 3L > keys.length * 2L) {
                grow();
                slot = slot(keys, key);
            }
            keys[slot] = key;
            size++;
        }
        long moreIn = Math.max(0, traffic.bytesIn() - in[slot]);
        long moreOut = Math.max(0, traffic.bytesOut() - out[slot]);
        var added = new Added(!known, false, moreIn, moreOut);
        in[slot] += added.bytesIn();
        out[slot] += added.bytesOut();
        return added;
    }

    /** Never zero: that is an empty slot. */
    private long key(String identity) {
        byte[] hash = digest.digest(identity.getBytes(StandardCharsets.UTF_8));
        long key = ByteBuffer.wrap(hash).getLong();
        return key == 0 ? 1 : key;
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int slot = (int) key & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldIn = in;
        long[] oldOut = out;
        keys = new long[oldKeys.length * 2];
        in = new long[keys.length];
        out = new long[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                in[slot] = oldIn[i];
                out[slot] = oldOut[i];
            }
        }
    }
}
