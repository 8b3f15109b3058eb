package io.moongate.model.net;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a request to one of Moongate's own HTTP endpoints may be answered. The endpoints have no log-in of their own,
 * so that a web page in the browser of an operator must neither read nor change anything through it: not by a link or
 * a form (CSRF), and not by a DNS name that its owner lets lead here (DNS rebinding).
 *
 * @param names what {@code Host} may be beside IP literals and {@code localhost}, in lower case
 * @param toolsFromAnywhere whether a request with {@link #TOOL_HEADER} may have any {@code Host}: API servers that
 *     forward a request leave their own name in it
 */
public record RequestGuard(Set<String> names, boolean toolsFromAnywhere) {
    /** Set by {@code moongate} and by you. Scripts of web pages cannot set a name that begins with {@code Sec-}. */
    public static final String TOOL_HEADER = "Sec-Moongate-Request";

    /** IP literals and {@code localhost} alone. */
    public static final RequestGuard STRICT = new RequestGuard(Set.of(), false);

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");

    public RequestGuard {
        names = Set.copyOf(names);
    }

    /** The values of a request's header by its name, whatever its case. */
    public interface Headers {
        List<String> all(String name);

        default Optional<String> first(String name) {
            return all(name).stream().findFirst();
        }
    }

    /** Why the request is refused, as a sentence for people; empty where it may be answered. */
    public Optional<String> refusal(String method, Headers headers) {
        boolean tool = headers.first(TOOL_HEADER).filter("true"::equals).isPresent();
        Optional<String> host = headers.all("Host").size() == 1 ? headers.first("Host") : Optional.empty();
        boolean known = host.filter(this::isKnown).isPresent();
        if (!known && !(tool && toolsFromAnywhere)) {
            return Optional.of("ask for this address by an IP address or as localhost; other names must be configured");
        }
        if (isFromAnotherSite(method, host, headers)) {
            return Optional.of("this request comes from a page of another site");
        }
        if (!SAFE_METHODS.contains(method) && !tool) {
            return Optional.of("a change needs the header '" + TOOL_HEADER + ": true'");
        }
        return Optional.empty();
    }

    /** For endpoints with a token of their own: all but the last rule, and links from other sites may lead here. */
    public boolean isFromAnotherSite(String method, Headers headers) {
        return isFromAnotherSite(method, headers.first("Host"), headers);
    }

    private static boolean isFromAnotherSite(String method, Optional<String> host, Headers headers) {
        boolean link = method.equals("GET")
                && headers.first("Sec-Fetch-Mode").filter("navigate"::equals).isPresent()
                && headers.first("Sec-Fetch-Dest").filter("document"::equals).isPresent();
        Optional<String> site = headers.first("Sec-Fetch-Site");
        boolean otherSite =
                site.filter(s -> !s.equals("same-origin") && !s.equals("none")).isPresent();
        Optional<String> origin = headers.first("Origin");
        boolean otherOrigin =
                origin.isPresent() && !origin.flatMap(RequestGuard::authority).equals(host);
        return otherSite && !link || otherOrigin;
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether this value of {@code Host} is an IP literal, {@code localhost} or one of the names. */
    public boolean isKnown(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
        if (name.startsWith("[") && name.endsWith("]")) {
            String literal = name.substring(1, name.length() - 1);
            return literal.indexOf(':') >= 0 && Addresses.parse(literal).isPresent();
        }
        boolean ipv4 = name.indexOf(':') < 0 && Addresses.parse(name).isPresent();
        return ipv4 || name.equals("localhost") || names.contains(name.replaceFirst("\\.$", ""));
    }
}
