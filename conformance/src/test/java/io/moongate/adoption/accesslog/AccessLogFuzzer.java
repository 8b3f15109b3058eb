package io.moongate.adoption.accesslog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moongate.conformance.fuzz.Check;
import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fuzz target for messages of the access log service. Bytes that are no message are refused as such; what is read can
 * be written and read again. Each tunnel that is observed ends once, and carries no negative number of bytes.
 */
public final class AccessLogFuzzer {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final ShootKey SHOOT = new ShootKey("garden-a", "one");

    private AccessLogFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws InvalidProtocolBufferException {
        LogMessage message;
        try {
            message = LogMessage.parse(input);
        } catch (InvalidProtocolBufferException refused) {
            return;
        }
        readAgain(message);
        var observer = new Observer();
        var tunnels = new EnvoyTunnels(
                observer,
                value -> value.startsWith("outbound|") ? Optional.of(SHOOT) : Optional.empty(),
                EnvoyTunnels.MOST,
                limit -> {});
        for (Entrance entrance : Entrance.values()) {
            message.entries().forEach(entry -> {
                tunnels.take(message.node().orElse(""), entrance, entry, NOW);
                observer.check(tunnels.size());
            });
        }
        tunnels.expire(NOW.plus(EnvoyTunnels.LONGEST_SILENCE).plusSeconds(1));
        Check.that(tunnels.size() == 0, "a tunnel without records does not end");
        observer.check(0);
    }

    /** The name of a log is what makes a message name its node, too. */
    private static void readAgain(LogMessage message) throws InvalidProtocolBufferException {
        var expected = new LogMessage(
                message.logName().map(name -> message.node().orElse("")), message.logName(), message.entries());
        LogMessage again = LogMessage.parse(message.bytes());
        Check.that(expected.equals(again), "written and read again: " + expected + " " + again);
    }

    private static final class Observer implements TunnelObserver {
        private final List<Watched> all = new ArrayList<>();

        @Override
        public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
            var watched = new Watched(traffic);
            all.add(watched);
            return watched;
        }

        private void check(int up) {
            Check.that(all.stream().filter(w -> !w.ended).count() == up, "tunnels that are up");
            all.forEach(w ->
                    Check.that(w.traffic.bytesIn() >= 0 && w.traffic.bytesOut() >= 0, "a negative number of bytes"));
        }
    }

    private static final class Watched implements TunnelObserver.Seen {
        private final TunnelObserver.Traffic traffic;
        private boolean ended;

        private Watched(TunnelObserver.Traffic traffic) {
            this.traffic = traffic;
        }

        @Override
        public void ended() {
            Check.that(!ended, "a tunnel ends twice");
            ended = true;
        }
    }
}
