package io.moongate.adoption.dashboard;

/** Decides about the legacy port, for whoever knows the token. Called by many threads at once. */
public interface Decider {
    /** Whether this is the token; takes as long for a wrong one as for the right one. */
    boolean knows(String token);

    /** @param who a person's name, for the record; not blank */
    Outcome decide(Step step, String who);

    /** What can be asked for, and the word that has to be typed for it; none where nothing is lost by it. */
    enum Step {
        Remove("remove", "the legacy port closes; what is left of its tunnels ends at the pace"),
        Restore("", "the legacy port opens again"),
        RemoveForGood("final", "the removal is final");

        private final String word;
        private final String done;

        Step(String word, String done) {
            this.word = word;
            this.done = done;
        }

        String word() {
            return word;
        }

        String done() {
            return done;
        }
    }

    /** @param whyNot a sentence, where it was refused */
    record Outcome(boolean done, String whyNot) {}
}
