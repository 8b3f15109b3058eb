package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import io.moongate.model.problem.Problem;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Watchdog watchdog = new Watchdog(nanos::get);

    @Test
    void aLoopThatHangsMakesTheProcessNotLive() {
        Supervisor.Loop loop = watchdog.begin("main", Duration.ofSeconds(10), WhenStuck.NOT_LIVE);
        pass(Duration.ofSeconds(10));
        assertThat(watchdog.notLive()).as("at the limit").isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(watchdog.notLive()).contains("loop 'main' has not turned for 10 s");
        assertThat(watchdog.problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo(Problem.Code.LOOP_FAILED);
        loop.turned();
        assertThat(watchdog.notLive()).as("it goes on").isEmpty();
        assertThat(watchdog.problems()).isEmpty();
    }

    @Test
    void aDiskThatHangsIsAProblemAndNoReasonToRestart() {
        watchdog.begin("access-log", Duration.ofSeconds(10), WhenStuck.PROBLEM);
        pass(Duration.ofMinutes(5));
        assertThat(watchdog.notLive()).isEmpty();
        assertThat(watchdog.problems()).singleElement().asString().contains("'access-log' hangs");
    }

    @Test
    void aLoopThatHasEndedDoesNotHang() {
        watchdog.begin("main", Duration.ofSeconds(10), WhenStuck.NOT_LIVE).ended();
        pass(Duration.ofHours(1));
        assertThat(watchdog.notLive()).isEmpty();
    }

    @Test
    void aTurnThatThrowsIsCountedAndIsAProblemForAWhile() {
        Supervisor.Loop loop = watchdog.begin("evidence", Duration.ofSeconds(10), WhenStuck.PROBLEM);
        var registry = new PrometheusRegistry();
        watchdog.register(registry);
        loop.guard(() -> {
                    throw new StackOverflowError();
                })
                .run();
        assertThat(restarts(registry)).isEqualTo(1);
        assertThat(watchdog.problems())
                .singleElement()
                .asString()
                .contains("loop 'evidence' failed and goes on (java.lang.StackOverflowError)");
        pass(Watchdog.REMEMBERED);
        loop.turned();
        assertThat(watchdog.problems()).hasSize(1);
        pass(Duration.ofMillis(1));
        assertThat(watchdog.problems()).isEmpty();
        assertThat(restarts(registry)).as("a counter never falls").isEqualTo(1);
    }

    /** An executor drops a task that throws, and nobody hears of it. */
    @Test
    void anExecutorKeepsATurnThatThrows() throws InterruptedException {
        Supervisor.Loop loop = watchdog.begin("evidence", Duration.ofSeconds(10), WhenStuck.PROBLEM);
        var turns = new Semaphore(0);
        try (var executor = Executors.newSingleThreadScheduledExecutor()) {
            Runnable turn = loop.guard(() -> {
                turns.release();
                throw new NoClassDefFoundError("SQLite");
            });
            executor.scheduleWithFixedDelay(turn, 0, 1, TimeUnit.MILLISECONDS);
            turns.acquire(3);
            executor.shutdownNow();
        }
    }

    @Test
    void onlyMemoryThatIsGoneAgainAndAgainEndsTheProcess() {
        var ends = new AtomicInteger();
        watchdog.endWith(ends::incrementAndGet);
        Supervisor.Loop loop = watchdog.begin("main", Duration.ofSeconds(10), WhenStuck.NOT_LIVE);
        loop.failed(new OutOfMemoryError());
        loop.failed(new OutOfMemoryError());
        pass(Watchdog.REMEMBERED.plusSeconds(1));
        loop.failed(new OutOfMemoryError());
        loop.failed(new OutOfMemoryError());
        assertThat(ends).hasValue(0);
        loop.failed(new OutOfMemoryError());
        assertThat(ends).hasValue(1);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static double restarts(PrometheusRegistry registry) {
        return registry.scrape().stream()
                .filter(s -> s.getMetadata().getName().equals("moongate_loop_restarts"))
                .map(CounterSnapshot.class::cast)
                .flatMap(s -> s.getDataPoints().stream())
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }
}
