package io.moongate.adoption.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.landscape.ShootKey;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvoyTunnelsTest {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final int MOST = 8;
    private static final ShootKey ONE = new ShootKey("garden-a", "one");

    private final List<String> told = new ArrayList<>();
    private TunnelObserver.Traffic traffic;
    private final EnvoyTunnels tunnels = new EnvoyTunnels(
            new TunnelObserver() {
                @Override
                public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic carried) {
                    return tell("established", shoot, entrance, carried);
                }

                @Override
                public Seen goesOn(ShootKey shoot, Entrance entrance, InetAddress client, Traffic carried) {
                    return tell("goes on", shoot, entrance, carried);
                }

                private Seen tell(String what, ShootKey shoot, Entrance entrance, Traffic carried) {
                    told.add(what + " " + shoot + " " + entrance.label());
                    traffic = carried;
                    return () -> told.add("ended");
                }
            },
            value -> value.equals("known") ? Optional.of(ONE) : Optional.empty(),
            MOST,
            limit -> told.add("refused: " + limit));

    @Test
    void aTunnelIsFollowedFromItsSetUpToItsEnd() {
        take("1", LogMessage.Type.ESTABLISHED, 10);
        take("1", LogMessage.Type.PERIODIC, 70);
        assertThat(traffic.bytesIn()).isEqualTo(70);
        take("1", LogMessage.Type.END, 90);
        assertThat(traffic.bytesIn()).isEqualTo(90);
        assertThat(told).containsExactly("established garden-a/one legacy", "ended");
        assertThat(tunnels.size()).isZero();
    }

    @Test
    void oneThatWasSetUpBeforeWeListenedGoesOn() {
        take("1", LogMessage.Type.PERIODIC, 1000);
        take("1", LogMessage.Type.PERIODIC, 1070);
        assertThat(traffic.bytesIn()).as("since we listen").isEqualTo(70);
        assertThat(told).containsExactly("goes on garden-a/one legacy");
    }

    @Test
    void oneOfWhichOnlyTheEndIsHeardWasThere() {
        take("1", LogMessage.Type.END, 90);
        assertThat(told).containsExactly("established garden-a/one legacy", "ended");
        assertThat(traffic.bytesIn()).isEqualTo(90);
    }

    @Test
    void refusedRequestsAndStrangersAreNoTunnels() {
        tunnels.take("envoy", Entrance.LEGACY, entry("1", LogMessage.Type.END, 301, "known", 1), NOW);
        tunnels.take("envoy", Entrance.LEGACY, entry("2", LogMessage.Type.ESTABLISHED, 200, "unknown", 1), NOW);
        tunnels.take("envoy", Entrance.LEGACY, entry("3", LogMessage.Type.OTHER, 200, "known", 1), NOW);
        tunnels.take("envoy", Entrance.LEGACY, entry("", LogMessage.Type.END, 503, "known", 1), NOW);
        tunnels.take("envoy", Entrance.LEGACY, entry("", LogMessage.Type.UNTOLD, 200, "unknown", 1), NOW);
        assertThat(told).isEmpty();
        assertThat(tunnels.size()).isZero();
    }

    /** It is one of a shoot, and cannot be followed: who does not count it has not seen all. */
    @Test
    void aTunnelThatIsToldOfInPartIsRefused() {
        for (LogMessage.Type type :
                List.of(LogMessage.Type.ESTABLISHED, LogMessage.Type.PERIODIC, LogMessage.Type.END)) {
            told.clear();
            take("", type, 1);
            tunnels.take("envoy", Entrance.LEGACY, withoutClient("1", type), NOW);
            assertThat(told).containsExactly("refused: records", "refused: records");
        }
        told.clear();
        take("1", LogMessage.Type.UNTOLD, 1);
        assertThat(told).as("an Envoy that does not say what a record is about").containsExactly("refused: records");
        assertThat(tunnels.size()).isZero();
    }

    @Test
    void whatAKnownTunnelDoesNotSayAgainIsNoNews() {
        take("1", LogMessage.Type.ESTABLISHED, 1);
        tunnels.take("envoy", Entrance.LEGACY, withoutClient("1", LogMessage.Type.PERIODIC), NOW);
        tunnels.take("envoy", Entrance.LEGACY, withoutClient("1", LogMessage.Type.END), NOW);
        assertThat(told).containsExactly("established garden-a/one legacy", "ended");
    }

    @Test
    void theSameNumberOfTwoEnvoysIsTwoTunnels() {
        take("1", LogMessage.Type.ESTABLISHED, 1);
        tunnels.take("other", Entrance.LEGACY, entry("1", LogMessage.Type.ESTABLISHED, 200, "known", 1), NOW);
        assertThat(tunnels.size()).isEqualTo(2);
    }

    @Test
    void oneNodeHasAQuarterAndAllHaveTheWhole() {
        take("1", LogMessage.Type.ESTABLISHED, 1);
        take("2", LogMessage.Type.ESTABLISHED, 1);
        assertThat(told).doesNotContain("refused: tunnels");
        take("3", LogMessage.Type.ESTABLISHED, 1);
        assertThat(told).last().isEqualTo("refused: tunnels");
        take("1", LogMessage.Type.END, 1);
        take("3", LogMessage.Type.PERIODIC, 1);
        assertThat(told).last().isEqualTo("goes on garden-a/one legacy");
        for (String node : List.of("b", "c", "d")) {
            tunnels.take(node, Entrance.LEGACY, entry("1", LogMessage.Type.ESTABLISHED, 200, "known", 1), NOW);
            tunnels.take(node, Entrance.LEGACY, entry("2", LogMessage.Type.ESTABLISHED, 200, "known", 1), NOW);
        }
        assertThat(tunnels.size()).isEqualTo(MOST);
        tunnels.take("e", Entrance.LEGACY, entry("1", LogMessage.Type.ESTABLISHED, 200, "known", 1), NOW);
        assertThat(told).last().isEqualTo("refused: tunnels");
        tunnels.expire(NOW.plus(EnvoyTunnels.LONGEST_SILENCE).plusMillis(1));
        take("1", LogMessage.Type.ESTABLISHED, 1);
        take("2", LogMessage.Type.ESTABLISHED, 1);
        assertThat(told).last().isEqualTo("established garden-a/one legacy");
    }

    @Test
    void countersOutOfTheirMindStayBetweenZeroAndAPetabyte() {
        for (long first : List.of(Long.MIN_VALUE, -1L, 0L, 1L << 50, Long.MAX_VALUE)) {
            for (LogMessage.Type type : List.of(LogMessage.Type.ESTABLISHED, LogMessage.Type.PERIODIC)) {
                take("1", type, first);
                for (long next : List.of(Long.MAX_VALUE, Long.MIN_VALUE, 5L, -7L)) {
                    take("1", LogMessage.Type.PERIODIC, next);
                    assertThat(traffic.bytesIn()).as("%s after %s", next, first).isBetween(0L, 1L << 50);
                }
                take("1", LogMessage.Type.END, 0);
            }
        }
    }

    @Test
    void aLongIdIsOneTunnelAndKeptShort() {
        String id = "i".repeat(1 << 20);
        take(id, LogMessage.Type.ESTABLISHED, 1);
        take(id, LogMessage.Type.PERIODIC, 2);
        take(id + "j", LogMessage.Type.ESTABLISHED, 1);
        assertThat(tunnels.size()).isEqualTo(2);
        take(id, LogMessage.Type.END, 3);
        assertThat(tunnels.size()).isEqualTo(1);
    }

    @Test
    void oneOfWhichNothingIsHeardAnyMoreHasEnded() {
        take("1", LogMessage.Type.ESTABLISHED, 1);
        tunnels.expire(NOW.plus(EnvoyTunnels.LONGEST_SILENCE));
        assertThat(told).hasSize(1);
        tunnels.expire(NOW.plus(EnvoyTunnels.LONGEST_SILENCE).plusMillis(1));
        assertThat(told).last().isEqualTo("ended");
    }

    private void take(String stream, LogMessage.Type type, long bytesIn) {
        tunnels.take("envoy", Entrance.LEGACY, entry(stream, type, 200, "known", bytesIn), NOW);
    }

    private static LogMessage.Entry entry(String stream, LogMessage.Type type, int status, String value, long bytesIn) {
        return new LogMessage.Entry(
                stream,
                type,
                status,
                Optional.of(InetAddress.getLoopbackAddress()),
                Map.of("reversed-vpn", value),
                bytesIn,
                0);
    }

    private static LogMessage.Entry withoutClient(String stream, LogMessage.Type type) {
        return new LogMessage.Entry(stream, type, 200, Optional.empty(), Map.of("reversed-vpn", "known"), 1, 0);
    }
}
