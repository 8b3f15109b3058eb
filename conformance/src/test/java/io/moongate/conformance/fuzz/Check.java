package io.moongate.conformance.fuzz;

/** What must hold for every input. */
public final class Check {
    private Check() {}

    public static void that(boolean holds, Object what) {
        if (!holds) {
            throw new IllegalStateException(String.valueOf(what));
        }
    }
}
