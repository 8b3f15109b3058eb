package io.moongate.model.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** IP literals, strictly and without ever asking a resolver. */
public final class Addresses {
    // Java also takes "1.2", "0x7f.1" and scope ids; in an access list each of them is a mistake.
    private static final Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private static final Pattern ZEROS = Pattern.compile("(?:^|(?<=[^:]):)0(?::0)+(?=:|$)");

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

    /** {@code 192.0.2.1:4711} or, as RFC 5952 has it, {@code [2001:db8::1]:4711}. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + shortened(host) + "]" : host) + ":" + address.getPort();
    }

    /** The longest run of zeros, the first of several, as two colons. */
    private static String shortened(String groups) {
        return ZEROS.matcher(groups)
                .results()
                .max(Comparator.comparingInt((MatchResult run) -> run.end() - run.start())
                        .thenComparing(MatchResult::start, Comparator.reverseOrder()))
                .map(run -> groups.substring(0, run.start()) + "::"
                        + groups.substring(Math.min(run.end() + 1, groups.length())))
                .orElse(groups);
    }

    public static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
