package io.moongate.model.net;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A range of addresses of one family; {@code prefix} counts leading bits. An IPv4-mapped range is kept as IPv4. */
public record Cidr(InetAddress network, int prefix) {
    private static final int MAPPED_BITS = 96;

    public Cidr {
        int bits = network.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix /" + prefix + " is not between /0 and /" + bits);
        }
    }

    /** Reads {@code 203.0.113.0/24}, {@code 2001:db8::/32} or a single address; throws with the reason otherwise. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = Addresses.parse(host)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an address range"));
        int bits = address.getAddress().length * 8;
        if (slash < 0) {
            return new Cidr(address, bits);
        }
        String suffix = text.substring(slash + 1);
        if (!suffix.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' has no prefix length after the slash");
        }
        int prefix = Integer.parseInt(suffix);
        if (host.indexOf(':') >= 0 && address instanceof Inet4Address) {
            if (prefix < MAPPED_BITS) {
                throw new IllegalArgumentException("'" + text + "' mixes IPv4-mapped and other IPv6 addresses");
            }
            prefix -= MAPPED_BITS;
        }
        return new Cidr(address, prefix);
    }

    public boolean contains(InetAddress address) {
        byte[] want = network.getAddress();
        byte[] have = address.getAddress();
        if (want.length != have.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (want[i] != have[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        if (rest == 0) {
            return true;
        }
        int mask = 0xff << (8 - rest);
        return (want[whole] & mask) == (have[whole] & mask);
    }

    public boolean overlaps(Cidr other) {
        return contains(other.network) && prefix <= other.prefix || other.contains(network) && other.prefix <= prefix;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
