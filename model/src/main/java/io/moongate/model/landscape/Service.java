package io.moongate.model.landscape;

import java.util.List;
import java.util.Map;

/**
 * A Kubernetes Service of the seed.
 *
 * @param clusterIps none for headless ones
 * @param selector labels of its pods
 */
public record Service(
        String namespace, String name, List<String> clusterIps, List<Port> ports, Map<String, String> selector) {
    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
    }

    /** {@code name} is empty where the Service's only port has none; EndpointSlices refer to ports by this name. */
    public record Port(String name, int number) {}
}
