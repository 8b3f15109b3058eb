package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What clients make libraries write costs no line, and of all else there are few. */
class JavaLogsTest {
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong();
    private final JavaLogs logs = new JavaLogs(nanos::get);

    @BeforeEach
    void listen() {
        written.start();
        root().addAppender(written);
    }

    @AfterEach
    void end() {
        root().detachAppender(written);
    }

    private static ch.qos.logback.classic.Logger root() {
        return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void whatAClientCausesIsNotWritten() {
        say("io.grpc.netty.NettyServerStream", Level.WARNING, "Exception processing message");
        say("sun.net.httpserver.ExchangeImpl", Level.WARNING, "sendResponseHeaders: ... for a HEAD request");
        assertThat(written.list).isEmpty();
    }

    @Test
    void allElseIsOneLineWithItsCause() {
        say("io.grpc.internal.ServerImpl", Level.SEVERE, "it\nfailed");
        assertThat(written.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("it failed: java.lang.IllegalStateException: why");
            assertThat(line.getLevel()).isEqualTo(ch.qos.logback.classic.Level.ERROR);
            assertThat(line.getThrowableProxy()).isNull();
        });
    }

    /** Else whoever gets a text into a message can write lines of the log. */
    @Test
    void aMessageStaysInItsLine() {
        var appender = (ConsoleAppender<ILoggingEvent>) root().getAppender("STDERR");
        var event = new LoggingEvent(
                "", root(), ch.qos.logback.classic.Level.INFO, "x\n2026 ERROR forged\u001b[31m\u202e", null, null);
        String line = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
        assertThat(line).endsWith(" x?2026 ERROR forged?[31m?\n");
    }

    @Test
    void thereAreFewLinesInAMinute() {
        for (int i = 0; i < 3 * JavaLogs.LINES_PER_MINUTE; i++) {
            say("io.grpc.internal.ServerImpl", Level.WARNING, "again");
        }
        assertThat(written.list).hasSize(JavaLogs.LINES_PER_MINUTE);
        nanos.set(60_000_000_000L);
        say("io.grpc.internal.ServerImpl", Level.WARNING, "again");
        assertThat(written.list).hasSize(JavaLogs.LINES_PER_MINUTE + 1);
    }

    private void say(String logger, Level level, String message) {
        var logged = new LogRecord(level, message);
        logged.setLoggerName(logger);
        logged.setThrown(new IllegalStateException("why"));
        logs.publish(logged);
    }
}
