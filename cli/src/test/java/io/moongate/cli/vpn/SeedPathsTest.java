package io.moongate.cli.vpn;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.net.Cidr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedPathsTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final String PREFIX = "fd8f:6d53:b97a:1::";
    private static final InetAddress PEER = InetAddress.ofLiteral(PREFIX + "a:102");

    private final List<String> done = new ArrayList<>();
    private boolean broken;
    private Instant now = START;
    private final SeedPaths paths = new SeedPaths(
            "bond0",
            (Inet6Address) InetAddress.ofLiteral(PREFIX + "b:1"),
            List.of(Cidr.parse("10.1.128.0/17"), Cidr.parse("2001:db8:5::/48")),
            new Recorder());

    private final class Recorder implements Tunnels {
        @Override
        public void open(String device, Inet6Address local, Inet6Address remote, InetAddress pod) throws IOException {
            done.add("open " + device + " to " + pod.getHostAddress());
            fail();
        }

        @Override
        public void close(String device) throws IOException {
            done.add("close " + device);
            fail();
        }

        private void fail() throws IOException {
            if (broken) {
                throw new IOException("broken");
            }
        }
    }

    @Test
    void aWayIsMadeOnceAndAnewWhenThePodIsAnother() {
        paths.heard(PEER, "10.1.128.9", now);
        paths.heard(PEER, "10.1.128.9\n", now.plusSeconds(2));
        paths.heard(PEER, "10.1.128.10", now.plusSeconds(4));
        paths.heard(InetAddress.ofLiteral(PREFIX + "a:1"), "2001:db8:5::9", now);
        assertThat(done)
                .containsExactly(
                        "open bond0-0102 to 10.1.128.9",
                        "open bond0-0102 to 10.1.128.10",
                        "open bond0-0001 to 2001:db8:5:0:0:0:0:9");
    }

    @Test
    void whatIsNotFromTheVpnOrNotOfTheSeedIsIgnored() {
        paths.heard(InetAddress.ofLiteral("2001:db8::1"), "10.1.128.9", now);
        paths.heard(InetAddress.ofLiteral("10.0.0.1"), "10.1.128.9", now);
        paths.heard(InetAddress.ofLiteral(PREFIX + "b:1"), "10.1.128.9", now);
        paths.heard(PEER, "100.96.0.1", now);
        paths.heard(PEER, "0.0.0.0/0", now);
        paths.heard(PEER, "", now);
        assertThat(done).isEmpty();
    }

    @Test
    void aFailureIsTriedAgainLater() {
        broken = true;
        paths.heard(PEER, "10.1.128.9", now);
        broken = false;
        paths.heard(PEER, "10.1.128.9", now.plusSeconds(2));
        assertThat(done).hasSize(1);
        paths.heard(PEER, "10.1.128.9", now.plus(SeedPaths.RETRY_AFTER).plusSeconds(1));
        paths.heard(
                PEER,
                "10.1.128.9",
                now.plus(SeedPaths.RETRY_AFTER.multipliedBy(2)).plusSeconds(9));
        assertThat(done).hasSize(2);
    }

    @Test
    void whoIsNotHeardIsForgotten() {
        paths.heard(PEER, "10.1.128.9", now);
        later(Duration.ofMinutes(9));
        paths.forget(now);
        paths.heard(PEER, "10.1.128.9", now);
        later(Duration.ofMinutes(9));
        paths.forget(now);
        assertThat(done).containsExactly("open bond0-0102 to 10.1.128.9");
        later(Duration.ofMinutes(1));
        broken = true;
        paths.forget(now);
        broken = false;
        paths.forget(now);
        paths.forget(now);
        assertThat(done.subList(1, done.size())).containsExactly("close bond0-0102", "close bond0-0102");
    }

    @Test
    void thereAreNotAnyNumberOfThem() {
        for (int i = 1; i <= SeedPaths.MOST + 5; i++) {
            paths.heard(InetAddress.ofLiteral(PREFIX + "a:" + Integer.toHexString(i)), "10.1.128.9", now);
        }
        assertThat(done).hasSize(SeedPaths.MOST);
    }

    private void later(Duration time) {
        now = now.plus(time);
    }
}
