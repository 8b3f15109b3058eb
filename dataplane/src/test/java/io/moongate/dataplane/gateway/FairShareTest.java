package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.testing.Plans;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Addresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No source and no shoot keeps the others out; while there is room for all, nothing is limited. */
class FairShareTest {
    private static final ShootKey A = Plans.shoot("shoot--test--a");
    private static final ShootKey B = Plans.shoot("shoot--test--b");
    private static final ShootKey C = Plans.shoot("shoot--test--c");

    private final Tunnels tunnels = new Tunnels();
    private final Rules rules = Rules.of(
            new Plans()
                    .route("shoot--test--a", 1)
                    .route("shoot--test--b", 1)
                    .route("shoot--test--c", 1)
                    .limits(LimitsTest.limits(100, 0, 0))
                    .build(),
            100);

    private static InetAddress address(String text) {
        return Addresses.parse(text).orElseThrow();
    }

    private int fill(ShootKey shoot, String source, int wanted) {
        int got = 0;
        while (got < wanted && tunnels.reserve(shoot, address(source), rules).isPresent()) {
            got++;
        }
        return got;
    }

    private boolean in(ShootKey shoot, String source) {
        return tunnels.reserve(shoot, address(source), rules).isPresent();
    }

    @Test
    void aSourceThatIsAloneLeavesTheLastTenth() {
        assertThat(fill(A, "10.0.0.1", 45) + fill(B, "10.0.0.1", 1000)).isEqualTo(90);
        assertThat(in(C, "10.0.0.1")).isFalse();
        assertThat(in(C, "10.0.0.2")).isTrue();
    }

    @Test
    void aShootThatIsAloneLeavesTheLastTenthToOtherShoots() {
        int got = 0;
        for (int i = 0; i < 200; i++) {
            got += in(A, "10.0.0." + (i + 1)) ? 1 : 0;
        }
        assertThat(got).isEqualTo(90);
        assertThat(in(B, "10.0.0.1")).isTrue();
    }

    /** The case of issue 15: who holds little gets in until all is full, and nothing beyond. */
    @Test
    void sourcesBelowTheirShareGetInUntilAllIsFull() {
        assertThat(fill(A, "10.0.0.1", 60)).isEqualTo(60);
        assertThat(fill(B, "10.0.0.2", 30)).isEqualTo(30);
        assertThat(in(C, "10.0.0.1")).isFalse();
        assertThat(fill(C, "10.0.0.3", 1000)).isEqualTo(10);
        assertThat(in(B, "10.0.0.2")).isFalse();
        assertThat(tunnels.count()).isEqualTo(100);
    }

    /** Many sources with one tunnel each, as of a client with a /48, must not make two tunnels too many for others. */
    @Test
    void manySmallSourcesLeaveTheLastTenthToThoseWithSome() {
        assertThat(fill(B, "10.1.0.1", 5)).isEqualTo(5);
        for (int i = 1; i <= 85; i++) {
            assertThat(in(A, "2001:db8:0:" + Integer.toHexString(i) + "::1")).isTrue();
        }
        assertThat(in(A, "2001:db8:0:ffff::1"))
                .as("the shoot has its share, whatever the address")
                .isFalse();
        assertThat(fill(B, "10.1.0.1", 3)).isEqualTo(3);
        assertThat(in(C, "10.1.0.2")).isTrue();
    }

    @Test
    void inQuietTimesOneAddressMayHoldNearlyAll() {
        assertThat(fill(B, "10.0.0.2", 1)).isEqualTo(1);
        assertThat(fill(A, "10.0.0.1", 89)).isEqualTo(89);
    }

    @Test
    void theOnlyShootOfThePlanHasNoShare() {
        Rules one = Rules.of(
                new Plans()
                        .route("shoot--test--a", 1)
                        .limits(LimitsTest.limits(100, 0, 0))
                        .build(),
                100);
        int got = 0;
        for (int i = 0; i < 200; i++) {
            got += tunnels.reserve(A, address("10.0.0." + (i + 1)), one).isPresent() ? 1 : 0;
        }
        assertThat(got).isEqualTo(100);
    }

    @Test
    void anIpv6NetworkOf64BitsIsOneSource() {
        int got = 0;
        for (int i = 0; i < 200; i++) {
            got += in(i % 2 == 0 ? A : B, "2001:db8:0:1::" + Integer.toHexString(i + 1)) ? 1 : 0;
        }
        assertThat(got).isEqualTo(90);
        assertThat(in(C, "2001:db8:0:2::1")).isTrue();
    }

    @Test
    void whatIsGivenBackCountsNoMore() {
        List<Tunnels.Slot> slots = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            slots.add(tunnels.reserve(i % 2 == 0 ? A : B, address("10.0.0.1"), rules)
                    .orElseThrow());
        }
        assertThat(in(C, "10.0.0.1")).isFalse();
        slots.getFirst().release();
        slots.getFirst().release();
        assertThat(tunnels.count()).isEqualTo(89);
        assertThat(in(C, "10.0.0.1")).isTrue();
    }

    @Test
    void theSourceWithTheMostWaitingConnectionsMakesRoom() {
        var waiting = new Waiting();
        List<String> evicted = new ArrayList<>();
        add(waiting, evicted, "few", "10.0.0.1");
        for (int i = 0; i < 3; i++) {
            add(waiting, evicted, "many" + i, "10.0.0.2");
        }
        for (int i = 0; i < 2; i++) {
            add(waiting, evicted, "network" + i, "2001:db8::" + (i + 1));
        }
        assertThat(waiting.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            waiting.take().ifPresent(Waiting.Connection::evict);
        }
        assertThat(evicted).containsExactly("many0", "network0", "many1", "few", "network1", "many2");
        assertThat(waiting.take()).isEqualTo(Optional.empty());
        assertThat(waiting.size()).isZero();
    }

    @Test
    void aProxyHeaderMovesAConnectionToItsClient() {
        var waiting = new Waiting();
        List<String> evicted = new ArrayList<>();
        Waiting.Connection moved = add(waiting, evicted, "moved", "10.0.0.9");
        add(waiting, evicted, "balanced", "10.0.0.9");
        waiting.add(moved, address("203.0.113.1"));
        add(waiting, evicted, "another", "10.0.0.9");
        assertThat(waiting.size()).isEqualTo(3);
        waiting.take().ifPresent(Waiting.Connection::evict);
        assertThat(evicted).containsExactly("balanced");
        waiting.remove(moved);
        waiting.remove(moved);
        assertThat(waiting.size()).isEqualTo(1);
    }

    private static Waiting.Connection add(Waiting waiting, List<String> evicted, String name, String source) {
        Waiting.Connection connection = () -> evicted.add(name);
        waiting.add(connection, address(source));
        return connection;
    }
}
