package io.moongate.dataplane.wire;

import io.netty.buffer.ByteBuf;

/** Tells protocols apart by their first bytes, which may come one by one. */
final class Prefix {
    private Prefix() {}

    /** Whether all bytes there are, up to the signature's length, are the signature's. */
    static boolean matches(ByteBuf in, byte[] signature) {
        int length = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
