package io.moongate.model.landscape;

import java.util.List;

/** A Kubernetes Service of the seed: its cluster IPs (none for headless ones) and ports. */
public record Service(String namespace, String name, List<String> clusterIps, List<Port> ports) {
    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }

    /** {@code name} is empty where the Service's only port has none; EndpointSlices refer to ports by this name. */
    public record Port(String name, int number) {}
}
