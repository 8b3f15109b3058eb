package io.moongate.plan.served;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.List;

/**
 * What one ingress gateway has to do on one port.
 *
 * @param header by which CONNECTs are routed
 * @param values of the header, one for each destination; sorted
 * @param proxyProtocol whether its load balancer may put a PROXY header before a connection
 * @param restricted shoots whose clients are restricted to ranges
 * @param edge what the plan has of a connection's settings
 */
public record Need(int port, String header, List<String> values, boolean proxyProtocol, int restricted, Edge edge) {
    /**
     * @param keepaliveSeconds of silence before the first probe
     * @param bufferBytes of a connection
     */
    public record Edge(long keepaliveSeconds, int bufferBytes) {}

    public Need {
        values = List.copyOf(values);
    }

    public static Need of(Plan plan, IngressGateway gateway, Entrance entrance) {
        List<String> values = plan.gateway().routes().values().stream()
                .map(route -> route.destination().headerValue())
                .distinct()
                .sorted()
                .toList();
        return new Need(
                IstioObjects.port(plan, entrance),
                entrance.header(),
                values,
                gateway.proxyProtocol(),
                plan.gateway().access().size(),
                new Edge(plan.gateway().settings().keepalive().idle().toSeconds(), IstioObjects.BUFFER_BYTES));
    }
}
