package io.moongate.model.plan;

import java.util.Map;

/**
 * One of a seed's Istio ingress gateways: one by default, one per zone, one per exposure class.
 *
 * @param service the Service in front of it
 * @param labels of its pods
 * @param proxyProtocol whether its load balancer may put a PROXY header before a connection
 */
public record IngressGateway(String namespace, String service, Map<String, String> labels, boolean proxyProtocol) {
    public IngressGateway {
        labels = Map.copyOf(labels);
    }
}
