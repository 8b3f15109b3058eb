package io.moongate.model.landscape;

import java.util.List;
import java.util.Optional;

/** Where a Service's pods are. {@code serviceName} is the label {@code kubernetes.io/service-name}. */
public record EndpointSlice(
        String namespace, String name, String serviceName, List<Endpoint> endpoints, List<Service.Port> ports) {
    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** Those that a tunnel can lead to. */
    public List<Service.Port> tcpPorts() {
        return Service.Port.tcpOf(ports);
    }

    /**
     * One pod: {@code ready} takes new connections; {@code serving} still answers while it terminates.
     *
     * @param terminating whether it is about to end; it may still have connections
     * @param pod its name; empty where no pod is behind it
     */
    public record Endpoint(
            List<String> addresses, boolean ready, boolean serving, boolean terminating, Optional<String> pod) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }

        /** One that does not terminate. */
        public Endpoint(List<String> addresses, boolean ready, boolean serving, Optional<String> pod) {
            this(addresses, ready, serving, false, pod);
        }
    }
}
