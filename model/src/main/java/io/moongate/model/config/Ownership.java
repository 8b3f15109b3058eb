package io.moongate.model.config;

/** Who writes what. */
public record Ownership(
        @Parameter(
                value = "Observe",
                doc =
                        "The ingress gateways' objects. `Observe` never writes and reports what their owner would have to do; `Manage` writes them.")
        Mode seed,

        @Parameter(
                value = "Observe",
                doc =
                        "The shoots' VPN client and API server proxy. `Observe` never writes them; `Manage` installs and moves them, from the templates that `components` fills.")
        Mode shoots,

        @Parameter(
                value = "Observe",
                doc =
                        "Evidence from Istio's ingress gateways, whoever owns their objects. `Manage` writes one EnvoyFilter per gateway, `moongate-evidence`, by which it reports its tunnels to `evidence.accessLogService.service`.")
        Mode evidence) {
    /** What the operator does with objects that should be. */
    public enum Mode {
        Observe,
        Manage
    }
}
