package io.moongate.operator.seed;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * Whether all of a gateway's pods listen on a port. Upstream's bug 13211: a Service port that opens before them
 * lets the load balancer's health checks fail.
 */
final class ListenerCheck {
    private static final int TIMEOUT_MILLIS = 1000;
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final KubernetesClient client;

    ListenerCheck(KubernetesClient client) {
        this.client = client;
    }

    /** Whether all pods of this Service do; false while there is no pod to ask. */
    boolean listens(String namespace, String service, int port) {
        List<String> addresses = client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_NAME, service)
                .list()
                .getItems()
                .stream()
                .flatMap(ListenerCheck::ready)
                .toList();
        return !addresses.isEmpty() && addresses.stream().allMatch(address -> answers(address, port));
    }

    private static java.util.stream.Stream<String> ready(EndpointSlice slice) {
        return slice.getEndpoints().stream().filter(ListenerCheck::isReady).flatMap(e -> e.getAddresses().stream());
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static boolean answers(String address, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), TIMEOUT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
