package io.moongate.model.landscape;

import java.util.List;

/** Where a Service's pods are. {@code serviceName} is the label {@code kubernetes.io/service-name}. */
public record EndpointSlice(
        String namespace, String name, String serviceName, List<Endpoint> endpoints, List<Service.Port> ports) {
    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** One pod: {@code ready} takes new connections; {@code serving} still answers while it terminates. */
    public record Endpoint(List<String> addresses, boolean ready, boolean serving) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }
}
