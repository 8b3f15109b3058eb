package io.moongate.adoption.imports;

import io.moongate.adoption.imports.LogLine.Leads;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a tunnel leads to: by its own header, else by the cluster that Envoy chose, else by the other header. */
final class Destinations {
    private static final String OUTBOUND = "outbound";
    /** What is left of a name that was cut from the right, as {@code 443||kube-apiserver.…}. */
    private static final Pattern PIECE = Pattern.compile(
            "(?:\\d{1,5}\\|)?(?:[^|]*\\|)?(?:kube-apiserver|vpn-seed-server(?:-\\d)?)\\.[^|]*\\.svc\\.[^|]*");

    private static final String SOCKET = "--kube-apiserver-socket";
    /** As Istio names clusters where a name may have no bars: {@code outbound_.1194_._.vpn-seed-server.…}. */
    private static final Pattern WITHOUT_BARS = Pattern.compile("outbound_\\.(\\d+)_\\.([^_]*)_\\.(.*)");

    /** What clients make up beyond it costs time alone. */
    private static final int MOST_KNOWN = 100_000;

    private static final int LONGEST_KNOWN = 256;

    private static final Map<String, Optional<Destination>> KNOWN = new ConcurrentHashMap<>();

    private Destinations() {}

    static Leads of(Values line, Port port) {
        Optional<String> cluster = line.get(Field.CLUSTER);
        Optional<Destination> known = Stream.of(
                        own(line, port),
                        line.get(Field.EITHER_HEADER),
                        cluster,
                        line.get(Field.UNIFIED_HEADER),
                        line.get(Field.LEGACY_HEADER))
                .flatMap(Optional::stream)
                .map(Destinations::parse)
                .flatMap(Optional::stream)
                .findFirst();
        if (known.isPresent()) {
            return new Leads.To(known.get());
        }
        Optional<String> shoot = line.get(Field.SHOOT);
        if (shoot.isPresent()) {
            return new Leads.ToShoot(shoot.get());
        }
        return cluster.isPresent() && !mayBeOurs(cluster.get()) ? new Leads.Elsewhere() : new Leads.Unknown();
    }

    private static Optional<String> own(Values line, Port port) {
        return port instanceof Port.Of(Entrance entrance)
                ? line.get(entrance == Entrance.UNIFIED ? Field.UNIFIED_HEADER : Field.LEGACY_HEADER)
                : Optional.empty();
    }

    /** Values are few: seven for each shoot. */
    static Optional<Destination> parse(String value) {
        Optional<Destination> known = KNOWN.get(value);
        if (known != null) {
            return known;
        }
        Optional<Destination> parsed = parseNew(value);
        if (value.length() <= LONGEST_KNOWN && KNOWN.size() < MOST_KNOWN) {
            KNOWN.put(value, parsed);
        }
        return parsed;
    }

    private static Optional<Destination> parseNew(String value) {
        if (value.endsWith(SOCKET)) {
            String namespace = value.substring(0, value.length() - SOCKET.length());
            return namespace.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Destination(Server.KUBE_APISERVER, namespace));
        }
        String name = value.endsWith(";") ? value.substring(0, value.length() - 1) : value;
        Matcher matcher = WITHOUT_BARS.matcher(name);
        return Destination.parse(
                matcher.matches()
                        ? "outbound|" + matcher.group(1) + "|" + matcher.group(2) + "|" + matcher.group(3)
                        : name);
    }

    /** Whether it is a piece of Istio's name of a cluster, cut at one of its bars. */
    static boolean isPart(String text) {
        if (text.equals(OUTBOUND) || text.startsWith(OUTBOUND + "|")) {
            return text.length() < LONGEST_KNOWN
                    && text.chars().filter(c -> c == '|').count() < 3;
        }
        return text.length() < LONGEST_KNOWN && PIECE.matcher(text).matches();
    }

    /** A name that was cut, or that has a form we do not know, must not pass for something else. */
    private static boolean mayBeOurs(String cluster) {
        return Arrays.stream(Server.values()).anyMatch(server -> cluster.contains(server.service()));
    }
}
