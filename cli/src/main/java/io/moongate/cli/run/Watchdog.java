package io.moongate.cli.run;

import io.moongate.model.loop.Supervisor;
import io.moongate.model.problem.Problem;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of all loops of a process. A loop that throws goes on and is a problem until it has been well for
 * {@link #REMEMBERED}. A loop that hangs is a problem, and makes {@code /livez} fail where the process depends on it.
 * A process that runs out of memory again and again ends in order.
 */
public final class Watchdog implements Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** How long a failure stays a problem. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** So many times without memory within {@link #REMEMBERED} are the end. */
    static final int MOST_WITHOUT_MEMORY = 3;

    private static final int LONGEST_MESSAGE = 200;

    private final LongSupplier nanoTime;
    private final Map<String, Watched> loops = new ConcurrentSkipListMap<>();
    private volatile Runnable end = () -> {};
    private int withoutMemory;
    private long firstWithoutMemory;

    public Watchdog() {
        this(System::nanoTime);
    }

    Watchdog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param end ends the process in order, with an exit code that is not 0 */
    public void endWith(Runnable end) {
        this.end = end;
    }

    /** Exposes how often each loop has thrown, and how long ago its last turn was. */
    public void register(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("moongate_loop_restarts_total")
                .help("Turns of a loop that threw; the loop went on with the next turn.")
                .labelNames("loop")
                .callback(c -> loops.values().forEach(loop -> c.call((double) loop.restarts, loop.name)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("moongate_loop_last_turn_seconds")
                .help("Time since the last turn of a loop.")
                .labelNames("loop")
                .callback(c -> loops.values().forEach(loop -> c.call(loop.sinceTurn() / 1e9, loop.name)))
                .register(registry);
    }

    @Override
    public Loop begin(String name, Duration longestTurn, WhenStuck whenStuck) {
        var loop = new Watched(name, longestTurn, whenStuck);
        loops.put(name, loop);
        return loop;
    }

    /** Why the process is not live; empty while it is. */
    public Optional<String> notLive() {
        return loops.values().stream()
                .filter(loop -> loop.whenStuck == WhenStuck.NOT_LIVE && loop.stuck())
                .map(Watched::describeStuck)
                .findFirst();
    }

    public List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (Watched loop : loops.values()) {
            if (loop.stuck()) {
                problems.add(Problem.general(
                        Problem.Code.LOOP_FAILED,
                        "loop '" + loop.name + "' hangs: a turn of it may take " + loop.longestTurn.toSeconds() + " s",
                        loop.whenStuck == WhenStuck.NOT_LIVE
                                ? "restart the process; a thread dump (jstack) shows where it waits"
                                : "see whether the disk or the log's reader takes what is written"));
            } else if (loop.failedLately()) {
                problems.add(Problem.general(
                        Problem.Code.LOOP_FAILED,
                        "loop '" + loop.name + "' failed and goes on (" + loop.lastFailure + ")",
                        "report it as a defect, with the log"));
            }
        }
        return problems;
    }

    private synchronized void withoutMemory() {
        long now = nanoTime.getAsLong();
        if (withoutMemory == 0 || now - firstWithoutMemory > REMEMBERED.toNanos()) {
            firstWithoutMemory = now;
            withoutMemory = 0;
        }
        withoutMemory++;
        if (withoutMemory == MOST_WITHOUT_MEMORY) {
            LOG.error("out of memory {} times within a minute: the process drains and ends", withoutMemory);
            end.run();
        }
    }

    private final class Watched implements Loop {
        private final String name;
        private final Duration longestTurn;
        private final WhenStuck whenStuck;
        private volatile long turnedAt = nanoTime.getAsLong();
        private volatile long failedAt;
        private volatile boolean ended;
        // Written by the loop's thread alone.
        private volatile long restarts;
        private volatile String lastFailure = "";

        private Watched(String name, Duration longestTurn, WhenStuck whenStuck) {
            this.name = name;
            this.longestTurn = longestTurn;
            this.whenStuck = whenStuck;
        }

        @Override
        public void turned() {
            turnedAt = nanoTime.getAsLong();
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // The loop's thread is the only writer.
        public void failed(Throwable cause) {
            String failure = firstLine(cause);
            boolean known = failedLately() && failure.equals(lastFailure);
            restarts++;
            lastFailure = failure;
            failedAt = nanoTime.getAsLong();
            if (!known) {
                LOG.error("loop '{}' failed and goes on: {}", name, failure, cause);
            }
            if (cause instanceof OutOfMemoryError) {
                withoutMemory();
            }
        }

        @Override
        public void ended() {
            ended = true;
        }

        private boolean failedLately() {
            return restarts > 0 && nanoTime.getAsLong() - failedAt <= REMEMBERED.toNanos();
        }

        private long sinceTurn() {
            return ended ? 0 : nanoTime.getAsLong() - turnedAt;
        }

        private boolean stuck() {
            return sinceTurn() > longestTurn.toNanos();
        }

        private static String firstLine(Throwable cause) {
            String line = cause.toString().lines().findFirst().orElse("");
            return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
        }

        private String describeStuck() {
            return "loop '" + name + "' has not turned for "
                    + Duration.ofNanos(sinceTurn()).toSeconds() + " s";
        }
    }
}
