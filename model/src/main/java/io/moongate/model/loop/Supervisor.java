package io.moongate.model.loop;

import java.time.Duration;

/**
 * Watches the loops of a process: long-running threads, each of which repeats one turn. A loop that throws is counted
 * and goes on. A loop that hangs is reported, and where the process depends on it, the process is not live. Safe for
 * use by all threads.
 */
public interface Supervisor {
    /** For commands that end by themselves, and for tests. */
    Supervisor NONE = (name, longestTurn, whenStuck) -> new Loop() {
        @Override
        public void turned() {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void ended() {}
    };

    /** What a loop that hangs means for the process. */
    enum WhenStuck {
        /** {@code /livez} fails: without this loop the process does not do its work. */
        NOT_LIVE,
        /** A problem and no more: to restart the process would cut tunnels and mend nothing, such as a disk that hangs. */
        PROBLEM
    }

    /**
     * A loop begins.
     *
     * @param name label of the metric {@code moongate_loop_restarts_total}; from a closed set
     * @param longestTurn after so long without {@link Loop#turned} the loop counts as stuck
     */
    Loop begin(String name, Duration longestTurn, WhenStuck whenStuck);

    /** One loop; used by its thread. */
    interface Loop {
        /** A turn is over, whether well or not. */
        void turned();

        /** A turn has thrown; the loop goes on with the next one. */
        void failed(Throwable cause);

        /** The loop has come to its planned end. */
        void ended();

        /** The turn such that nothing it throws ends the loop: for executors, which drop a task that throws. */
        default Runnable guard(Runnable turn) {
            return () -> {
                try {
                    turn.run();
                } catch (Throwable e) {
                    failed(e);
                } finally {
                    turned();
                }
            };
        }
    }
}
