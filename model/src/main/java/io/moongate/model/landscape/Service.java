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

    /** Those that a tunnel can lead to. */
    public List<Port> tcpPorts() {
        return Port.tcpOf(ports);
    }

    /**
     * A port of a Service or an EndpointSlice.
     *
     * @param name empty where the only port has none; EndpointSlices refer to a Service's ports by it
     * @param tcp else it is of UDP or SCTP
     */
    public record Port(String name, int number, boolean tcp) {
        static List<Port> tcpOf(List<Port> ports) {
            return ports.stream().filter(Port::tcp).toList();
        }
    }
}
