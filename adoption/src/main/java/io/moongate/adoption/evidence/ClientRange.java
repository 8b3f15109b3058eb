package io.moongate.adoption.evidence;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a client is, as coarsely as is of use: whose network, not which machine. */
public final class ClientRange {
    private static final int V4_BYTES = 3;
    private static final int V6_BYTES = 6;

    private ClientRange() {}

    /** {@code 192.0.2.0/24}, {@code 2001:db8:1:0:0:0:0:0/48}. */
    public static String of(InetAddress client) {
        byte[] bytes = client.getAddress();
        int kept = client instanceof Inet4Address ? V4_BYTES : V6_BYTES;
        for (int i = kept; i < bytes.length; i++) {
            bytes[i] = 0;
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has four or sixteen bytes", e);
        }
    }
}
