package io.moongate.model.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP literals, strictly and without ever asking a resolver. */
public final class Addresses {
    // Java also takes "1.2", "0x7f.1" and scope ids; in an access list each of them is a mistake.
    private static final Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private Addresses() {}

    /** The address, with an IPv4-mapped IPv6 address given as IPv4; empty if {@code text} is no IP literal. */
    public static Optional<InetAddress> parse(String text) {
        if (!DOTTED_QUAD.matcher(text).matches() && !COLONS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    public static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
