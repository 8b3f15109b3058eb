package io.moongate.adoption.imports;

import io.moongate.model.destination.Destination;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/** What a line of a log file is. */
sealed interface LogLine {
    /**
     * A CONNECT that was answered with 200.
     *
     * @param end when the line says that the tunnel was up at last
     */
    record Tunnel(Instant start, Instant end, Port port, Leads leads, Optional<InetAddress> client, Traffic traffic)
            implements LogLine {}

    /** A request that is no tunnel: another method, or refused. */
    record Request(Instant start) implements LogLine {}

    /** A line that Envoy or Istio's agent writes about itself. */
    record OfProcess() implements LogLine {}

    record Blank() implements LogLine {}

    record Unreadable(String why) implements LogLine {}

    /**
     * How much a tunnel carried until the line was written.
     *
     * @param identity the same for all lines about one tunnel
     */
    record Traffic(String identity, long bytesIn, long bytesOut) {}

    /** Where a tunnel leads to. */
    sealed interface Leads {
        record To(Destination destination) implements Leads {}

        /** As Moongate's own log names it. */
        record ToShoot(String shoot) implements Leads {}

        /** To something that is no server of a control plane. */
        record Elsewhere() implements Leads {}

        /** The line does not say it. */
        record Unknown() implements Leads {}
    }
}
