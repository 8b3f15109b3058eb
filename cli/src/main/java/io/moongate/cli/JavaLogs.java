package io.moongate.cli;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libraries write by {@code java.util.logging}, in the log of this process: gRPC and the JDK. Some of it is caused by
 * what a client sends, with a stack trace for each frame. Here it is one line each, and few in a minute.
 */
final class JavaLogs extends Handler {
    /** What these say at every level below an error a client alone can cause; what it means is counted and told elsewhere. */
    private static final List<String> OF_CLIENTS =
            List.of("io.grpc.netty", "sun.net.httpserver", "com.sun.net.httpserver");

    static final int LINES_PER_MINUTE = 60;
    private static final int LONGEST = 500;
    private static final long MINUTE = 60_000_000_000L;

    private final LongSupplier nanos;
    private long since;
    private int lines;

    JavaLogs(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** In place of the JDK's own output to standard error. */
    static void install() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").addHandler(new JavaLogs(System::nanoTime));
    }

    @Override
    public void publish(LogRecord logged) {
        Logger log = LoggerFactory.getLogger(String.valueOf(logged.getLoggerName()));
        int level = logged.getLevel().intValue();
        if (level < Level.INFO.intValue() || isOfClients(logged)) {
            if (log.isDebugEnabled()) {
                log.debug("{}", line(logged));
            }
        } else if (mayWrite()) {
            if (level >= Level.SEVERE.intValue()) {
                log.error("{}", line(logged));
            } else if (level >= Level.WARNING.intValue()) {
                log.warn("{}", line(logged));
            } else {
                log.info("{}", line(logged));
            }
        }
    }

    private static boolean isOfClients(LogRecord logged) {
        String name = String.valueOf(logged.getLoggerName());
        return logged.getLevel().intValue() < Level.SEVERE.intValue()
                && OF_CLIENTS.stream().anyMatch(name::startsWith);
    }

    private static String line(LogRecord logged) {
        String message = new SimpleFormatter().formatMessage(logged);
        Throwable thrown = logged.getThrown();
        String line = (thrown == null ? message : message + ": " + thrown).replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private synchronized boolean mayWrite() {
        long now = nanos.getAsLong();
        if (now - since >= MINUTE) {
            since = now;
            lines = 0;
        }
        lines++;
        return lines <= LINES_PER_MINUTE;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
