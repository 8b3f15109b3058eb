package io.moongate.model.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What the limits of one client are counted by: an IPv4 address, or an IPv6 /64, because one client owns all of its addresses. */
public final class Source {
    private static final int PREFIX_BYTES = 8;

    private Source() {}

    public static InetAddress of(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        byte[] bytes = client.getAddress();
        Arrays.fill(bytes, PREFIX_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            return client;
        }
    }
}
