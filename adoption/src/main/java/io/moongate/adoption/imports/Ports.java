package io.moongate.adoption.imports;

import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Addresses;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** By which port a tunnel came, from what a line says of it. */
public final class Ports {
    private static final Map<Integer, Port> USUAL =
            Map.of(8443, new Port.Of(Entrance.UNIFIED), 8132, new Port.Of(Entrance.LEGACY));
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
    /** As Istio and upstream name their listeners: {@code 0.0.0.0_8132}. */
    private static final Pattern LISTENER = Pattern.compile(".*[_:](\\d{1,5})");

    private final Map<Integer, Port> byNumber = new HashMap<>(USUAL);
    private final Optional<Entrance> unless;

    /**
     * @param more what other ports are, and what these are if they are something else
     * @param unless which port it is where a line does not say it
     */
    public Ports(Map<Integer, Port> more, Optional<Entrance> unless) {
        byNumber.putAll(more);
        this.unless = unless;
    }

    Port of(Values line) {
        Optional<Port> named = line.get(Field.LISTENER).flatMap(Ports::named);
        if (named.isPresent()) {
            return named.get();
        }
        OptionalInt number = number(line);
        if (number.isPresent()) {
            Port known = byNumber.get(number.getAsInt());
            return known == null ? new Port.Unknown(Integer.toString(number.getAsInt())) : known;
        }
        return byHeader(line).or(() -> unless).<Port>map(Port.Of::new).orElseGet(() -> new Port.Unknown(""));
    }

    private static Optional<Port> named(String listener) {
        for (Entrance entrance : Entrance.values()) {
            if (listener.equals(entrance.label()) || listener.equals(AccessLogServiceSettings.logName(entrance))) {
                return Optional.of(new Port.Of(entrance));
            }
        }
        return Optional.empty();
    }

    private static OptionalInt number(Values line) {
        Optional<String> text = line.get(Field.LOCAL_ADDRESS)
                .flatMap(Ports::portOf)
                .or(() -> line.get(Field.LOCAL_PORT))
                .or(() -> line.get(Field.LISTENER).flatMap(name -> group(LISTENER.matcher(name), 1)));
        return text.filter(NUMBER.asMatchPredicate())
                .map(t -> OptionalInt.of(Integer.parseInt(t)))
                .orElseGet(OptionalInt::empty);
    }

    /**
     * Each port routes by its own header: a client that sent one of them was answered at the port of that one. What it
     * sent is known only if both headers are logged.
     */
    private static Optional<Entrance> byHeader(Values line) {
        if (!line.logged().contains(Field.UNIFIED_HEADER) || !line.logged().contains(Field.LEGACY_HEADER)) {
            return Optional.empty();
        }
        boolean unified = line.get(Field.UNIFIED_HEADER).isPresent();
        boolean legacy = line.get(Field.LEGACY_HEADER).isPresent();
        return unified == legacy ? Optional.empty() : Optional.of(unified ? Entrance.UNIFIED : Entrance.LEGACY);
    }

    /** Whether it is an address with a port, as Envoy writes it. */
    static boolean isAddress(String text) {
        int colon = portAt(text);
        return colon > 0 && Addresses.parse(host(text, colon)).isPresent();
    }

    /** The address itself; with a port or without. */
    static Optional<InetAddress> address(String text) {
        int colon = portAt(text);
        return Addresses.parse(colon > 0 ? host(text, colon) : text);
    }

    private static Optional<String> portOf(String address) {
        int colon = portAt(address);
        return colon > 0 ? Optional.of(address.substring(colon + 1)) : Optional.empty();
    }

    /** Where the colon before the port is; −1 if there is none. An IPv6 address with a port is in brackets. */
    private static int portAt(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        return bracketed || text.indexOf(':') == colon ? colon : -1;
    }

    private static String host(String text, int colon) {
        return text.startsWith("[") && colon > 1 ? text.substring(1, colon - 1) : text.substring(0, colon);
    }

    private static Optional<String> group(Matcher matcher, int group) {
        return matcher.matches() ? Optional.of(matcher.group(group)) : Optional.empty();
    }
}
