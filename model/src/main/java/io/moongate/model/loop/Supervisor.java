package io.moongate.model.loop;

import java.time.Duration;

/**
 * Watches the loops of a process: long-running threads, each of which repeats one turn. A loop that throws is counted
 * and goes on; a loop whose turn takes longer than it may makes the process not live. Safe for use by all threads.
 */
public interface Supervisor {
    /** For processes that nobody probes, and for tests. */
    Supervisor NONE = (name, longestTurn) -> new Loop() {
        @Override
        public void turned() {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void ended() {}
    };

    /**
     * A loop begins.
     *
     * @param name label of the metric {@code moongate_loop_restarts_total}; from a closed set
     * @param longestTurn after so long without {@link Loop#turned} the process is not live
     */
    Loop begin(String name, Duration longestTurn);

    /** One loop; used by its thread. */
    interface Loop {
        /** A turn is over, or the loop waits for work. */
        void turned();

        /** A turn has thrown; the loop has put itself right and goes on. */
        void failed(Throwable cause);

        /** The loop has come to its planned end. */
        void ended();
    }
}
