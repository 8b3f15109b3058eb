package io.moongate.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Who has to make room: by connections, by bytes of unfinished heads, and whoever leaves anyway. */
class WaitingTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");
    private static final InetAddress SAME_64 = InetAddress.ofLiteral("2001:db8::2");

    private final Waiting waiting = new Waiting();

    private record Named(String name) implements Waiting.Connection {
        @Override
        public void evict() {}
    }

    private Waiting.Connection add(String name, InetAddress source, int bytes) {
        var connection = new Named(name);
        waiting.add(connection, source);
        waiting.holds(connection, bytes);
        return connection;
    }

    @Test
    void theSourceWithTheMostBytesLosesItsOldestHead() {
        add("silent", ONE, 0);
        add("small", ONE, 100);
        var first = add("first", SIX, 60);
        var second = add("second", SAME_64, 60);
        add("other", TWO, 110);
        assertThat(waiting.bytes()).isEqualTo(330);
        assertThat(waiting.takeOfMostBytes()).contains(first);
        assertThat(waiting.bytes()).isEqualTo(270);
        waiting.holds(second, 120);
        assertThat(waiting.bytes()).isEqualTo(330);
        assertThat(waiting.takeOfMostBytes()).contains(second);
        assertThat(waiting.size()).isEqualTo(3);
    }

    @Test
    void whatIsOverIsForgotten() {
        var connection = add("one", ONE, 50);
        waiting.remove(connection);
        waiting.holds(connection, 70);
        assertThat(waiting.bytes()).isZero();
        assertThat(waiting.takeOfMostBytes()).isEmpty();
        assertThat(waiting.take()).isEmpty();
    }

    @Test
    void whoLeavesIsCountedUntilItIsClosed() {
        var refused = add("refused", ONE, 50);
        waiting.leaves(refused);
        assertThat(waiting.size()).isZero();
        assertThat(waiting.bytes()).isZero();
        assertThat(waiting.leaving()).isEqualTo(1);
        assertThat(waiting.takeLeaving()).contains(refused);
        assertThat(waiting.leaving()).isZero();
    }
}
