package io.moongate.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Connections that behave never use their budget up, however long they live; the clock is the test's. */
class Http2BudgetTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int DAY = 24 * 60 * 60;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger spent = new AtomicInteger();
    private final Http2Budget budget = new Http2Budget(now::get, spent::incrementAndGet);

    private void afterSeconds(double seconds) {
        now.addAndGet((long) (seconds * SECOND));
    }

    @Test
    void theBudgetIsWhatItSays() {
        for (int i = 0; i < Http2Budget.RESETS; i++) {
            budget.reset();
        }
        assertThat(budget.spent()).isFalse();
        budget.reset();
        budget.reset();
        assertThat(budget.spent()).isTrue();
        assertThat(spent).hasValue(1);
    }

    @Test
    void soIsThatOfFrames() {
        budget.frames(Http2Budget.FRAMES);
        assertThat(budget.spent()).isFalse();
        afterSeconds(1);
        budget.frames(Http2Budget.FRAMES_PER_SECOND);
        assertThat(budget.spent()).isFalse();
        budget.frames(1);
        assertThat(budget.spent()).isTrue();
    }

    @Test
    void timeAddsNoMoreThanThereWas() {
        afterSeconds(365.0 * DAY);
        for (int i = 0; i <= Http2Budget.RESETS; i++) {
            budget.reset();
        }
        assertThat(budget.spent()).isTrue();
    }

    @Test
    void aWatchWithPingsForDays() {
        for (int i = 0; i < 7 * DAY / 5; i++) {
            afterSeconds(5);
            budget.frames(2);
        }
        assertThat(budget.spent()).isFalse();
    }

    @Test
    void aHundredShortStreamsASecond() {
        for (int second = 0; second < 3600; second++) {
            for (int i = 0; i < 100; i++) {
                afterSeconds(0.01);
                budget.opened();
                // HEADERS, WINDOW_UPDATE of the stream and of the connection, an empty DATA with END_STREAM.
                budget.frames(4);
                budget.dataSent();
            }
        }
        assertThat(budget.spent()).isFalse();
    }

    @Test
    void aClientThatCancelsTenStreamsASecond() {
        for (int i = 0; i < 36_000; i++) {
            afterSeconds(0.1);
            budget.opened();
            budget.frames(2);
            budget.reset();
        }
        assertThat(budget.spent()).isFalse();
    }

    @Test
    void allStreamsAreResetWhenTheirDestinationRestarts() {
        for (int restarts = 0; restarts < 50; restarts++) {
            afterSeconds(5);
            for (int i = 0; i < 100; i++) {
                budget.opened();
                budget.reset();
            }
        }
        assertThat(budget.spent()).isFalse();
    }

    /** 1 GB a second, a window of 160 MB, and the updates of a whole window at the end. */
    @Test
    void aFastDownloadWithAWindowUpdateForEachDataFrame() {
        int inFlight = 10_000;
        for (int i = 0; i < 1_000_000; i++) {
            now.addAndGet(16_000);
            budget.dataSent();
            if (i >= inFlight) {
                budget.frames(2);
            }
        }
        budget.frames(2 * inFlight);
        assertThat(budget.spent()).isFalse();
    }
}
