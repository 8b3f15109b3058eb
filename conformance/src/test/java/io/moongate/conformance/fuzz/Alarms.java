package io.moongate.conformance.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Watches the log: an exception that nothing had expected, and Netty's reports of leaks. */
final class Alarms {
    private final Queue<String> exceptions = new ConcurrentLinkedQueue<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    Alarms() {
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getFormattedMessage().contains("LEAK:")) {
                    leaks.add(event.getFormattedMessage());
                } else if (event.getLevel().isGreaterOrEqual(Level.WARN) && event.getThrowableProxy() != null) {
                    exceptions.add(event.getFormattedMessage() + text(event.getThrowableProxy()));
                }
            }
        };
        appender.start();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
    }

    private static String text(IThrowableProxy thrown) {
        var text = new StringBuilder("\n" + thrown.getClassName() + ": " + thrown.getMessage());
        for (var element : thrown.getStackTraceElementProxyArray()) {
            text.append("\n  ").append(element);
        }
        return thrown.getCause() == null ? text.toString() : text + text(thrown.getCause());
    }

    void check() {
        String first = exceptions.poll();
        exceptions.clear();
        Check.that(first == null, "logged: " + first);
    }

    /** Whether one has been reported since the last call. */
    boolean leaks() {
        // A leak shows when the collector has found the object and the detector is asked for another one.
        for (int i = 0; i < 3; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        boolean some = !leaks.isEmpty();
        leaks.forEach(System.err::println);
        leaks.clear();
        return some;
    }
}
