package io.moongate.model.config;

/** How to find what is Istio's. */
public record IstioSettings(
        @Parameter(
                value = "istio-ingressgateway",
                doc =
                        "Name of the ingress gateways' Services. Each Service of this name is a gateway: its namespace, and its selector as the gateway's labels.")
        String ingressService,

        @Parameter(
                value = "istio-system",
                doc =
                        "Istio's root namespace, `rootNamespace` of its mesh configuration. EnvoyFilters of this namespace are for all ingress gateways.")
        String rootNamespace) {}
