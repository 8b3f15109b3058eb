package io.moongate.plan.served;

import java.util.Optional;

/**
 * A CONNECT of a client. Old API server proxies send both ports' headers, with one value; all other clients send one.
 *
 * @param header that of the port
 * @param value of each header of ours
 * @param both whether the other port's header is there, too
 */
record Request(String header, String value, boolean both) {
    /** Whether this header is there; empty where nobody knows. */
    Optional<Boolean> has(String name) {
        if (name.equalsIgnoreCase(header) || name.equals(":method") || name.equals(":authority")) {
            return Optional.of(true);
        }
        return Headers.isOurs(name) ? Optional.of(both) : Optional.empty();
    }

    /** Of a header that is there; empty where nobody knows. */
    Optional<String> valueOf(String name) {
        if (name.equals(":method")) {
            return Optional.of("CONNECT");
        }
        return Headers.isOurs(name) ? Optional.of(value) : Optional.empty();
    }
}
