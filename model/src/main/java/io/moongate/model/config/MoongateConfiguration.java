package io.moongate.model.config;

import io.moongate.model.feature.FeatureGates;

/** {@code config.moongate.io/v1alpha1}, kind {@code MoongateConfiguration}. */
public record MoongateConfiguration(
        @Parameter(
                value = "{}",
                doc = "Feature gates by name, as in Kubernetes; `AllAlpha` and `AllBeta` set a whole stage.")
        FeatureGates featureGates,

        @Parameter(
                value = "Gateway",
                doc =
                        "What serves the two ports in a seed: our own gateway, or Istio's ingress gateways, configured by it.")
        Target target,

        @Parameter(doc = "How much of a folder of manifests is read.")
        InputSettings input,

        @Parameter(doc = "The data plane.") GatewaySettings gateway,

        @Parameter(doc = "Where `target` is `Istio`.") IstioSettings istio,

        @Parameter(doc = "What the operator may write. Objects that another owner manages are never written.")
        Ownership ownership,

        @Parameter(doc = "How carefully shoots are moved, where `ownership.shoots` is `Manage`.")
        RolloutSettings rollout,

        @Parameter(doc = "The shoots' components, where `ownership.shoots` is `Manage`.")
        ComponentSettings components,

        @Parameter(doc = "What is kept of real tunnels.") EvidenceSettings evidence,

        @Parameter(doc = "How the legacy port is removed.") RemovalSettings removal,

        @Parameter(doc = "The web dashboard.") DashboardSettings dashboard,

        @Parameter(doc = "Metrics, health and the view of what is in force.")
        AdminSettings admin) {
    public MoongateConfiguration {
        if (ownership.shoots() == Ownership.Mode.Manage && !components.missing().isEmpty()) {
            throw new IllegalArgumentException("ownership.shoots is Manage, which needs "
                    + String.join(", ", components.missing()) + "; set them, or choose Observe");
        }
    }

    public static final String API_VERSION = "config.moongate.io/v1alpha1";
    public static final String KIND = "MoongateConfiguration";
}
