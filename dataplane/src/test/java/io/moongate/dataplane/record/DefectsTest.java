package io.moongate.dataplane.record;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A defect is logged with its cause, and a client that repeats it cannot fill the log. */
class DefectsTest {
    private static final long MINUTE = 60_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Defects.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final Defects defects = new Defects(now::get);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
    }

    @Test
    void eachKindIsLoggedOnceAMinuteWithItsCause() {
        for (int i = 0; i < 1000; i++) {
            defects.report(new IllegalStateException("one " + i));
        }
        defects.report(new IllegalArgumentException("another"));
        assertThat(logged.list).hasSize(2);
        assertThat(logged.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("one 0");
        now.addAndGet(MINUTE);
        for (int i = 0; i < 2; i++) {
            defects.report(new IllegalArgumentException("another place"));
        }
        assertThat(logged.list).hasSize(3);
    }

    @Test
    void kindsAreBounded() {
        for (int i = 0; i < 500; i++) {
            var defect = new IllegalStateException("made up");
            defect.setStackTrace(new StackTraceElement[] {new StackTraceElement("Any", "method", "Any.java", i)});
            defects.report(defect);
        }
        assertThat(logged.list).hasSize(101);
    }

    @Test
    void theOthersRunWhenOneThrows() {
        var ran = new AtomicLong();
        defects.guard(() -> {
            throw new StackOverflowError();
        });
        defects.guard(ran::incrementAndGet);
        assertThat(ran).hasValue(1);
    }
}
