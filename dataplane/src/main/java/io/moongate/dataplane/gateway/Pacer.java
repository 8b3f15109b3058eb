package io.moongate.dataplane.gateway;

import io.moongate.dataplane.record.Defects;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Spreads closing many tunnels evenly over a time, so that their clients do not all come back at the same moment. The
 * order is random: neighbours in time should not be members of one HA pair.
 */
final class Pacer {
    private static final long TICK_MILLIS = 20;

    private final EventExecutor executor;
    private final Defects defects;

    Pacer(EventExecutor executor, Defects defects) {
        this.executor = executor;
        this.defects = defects;
    }

    /** Completes when {@code close} has been called for the last of them. */
    CompletableFuture<Void> spread(List<Tunnel> tunnels, Duration over, Consumer<Tunnel> close) {
        var shuffled = new ArrayList<>(tunnels);
        Collections.shuffle(shuffled, ThreadLocalRandom.current());
        var run = new Run(shuffled, over.toNanos(), close);
        run.tick();
        return run.done;
    }

    private final class Run {
        private final List<Tunnel> tunnels;
        private final long overNanos;
        private final Consumer<Tunnel> close;
        private final long startNanos = System.nanoTime();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private int closed;

        private Run(List<Tunnel> tunnels, long overNanos, Consumer<Tunnel> close) {
            this.tunnels = tunnels;
            this.overNanos = overNanos;
            this.close = close;
        }

        private void tick() {
            long elapsed = System.nanoTime() - startNanos;
            // The n-th of N is due at n/N of the time: the first not at once, the last at the end.
            int due = elapsed >= overNanos ? tunnels.size() : (int) (tunnels.size() * (double) elapsed / overNanos);
            while (closed < due) {
                Tunnel next = tunnels.get(closed++);
                defects.guard(() -> close.accept(next));
            }
            if (closed == tunnels.size()) {
                done.complete(null);
            } else {
                executor.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
