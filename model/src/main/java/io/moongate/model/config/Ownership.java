package io.moongate.model.config;

/** Who writes what in a seed. */
public record Ownership(
        @Parameter(
                value = "Observe",
                doc =
                        "The ingress gateways' objects. `Observe` never writes and reports what their owner would have to do; `Manage` writes them.")
        Mode seed) {
    /** What the operator does with objects that should be. */
    public enum Mode {
        Observe,
        Manage
    }
}
