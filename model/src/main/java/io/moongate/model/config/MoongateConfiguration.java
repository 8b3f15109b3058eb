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

        @Parameter(doc = "The data plane.") GatewaySettings gateway,

        @Parameter(doc = "Where `target` is `Istio`.") IstioSettings istio,

        @Parameter(doc = "What the operator may write. Objects that another owner manages are never written.")
        Ownership ownership,

        @Parameter(doc = "Metrics, health and the view of what is in force.")
        AdminSettings admin) {
    public static final String API_VERSION = "config.moongate.io/v1alpha1";
    public static final String KIND = "MoongateConfiguration";
}
