package io.moongate.dataplane.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A channel that is to close within a time, and does so earlier or not. */
class ClosingTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @Test
    void oneThatStaysOpenIsClosed() {
        channel.freezeTime();
        Closing.within(channel, 1000);
        channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatClosesEarlierLeavesNoTimerBehind() {
        Closing.within(channel, 60_000);
        channel.close();
        assertThat(channel.runScheduledPendingTasks()).as("no timer").isEqualTo(-1);
    }
}
