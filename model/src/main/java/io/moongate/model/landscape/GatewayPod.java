package io.moongate.model.landscape;

import java.net.InetAddress;
import java.util.Set;

/**
 * A pod behind a Service of gateways, as all its EndpointSlices together show it: with two address families there is one for
 * each.
 *
 * @param name {@code pod.namespace}; an address where no pod is named
 */
public record GatewayPod(String name, Set<InetAddress> addresses) {
    public GatewayPod {
        addresses = Set.copyOf(addresses);
    }
}
