package io.moongate.conformance.lab;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A cluster with istiod and one real Envoy as its ingress gateway, and what a platform has there besides. */
public final class IstioSeed {
    public static final String INGRESS = "istio-ingress";

    private final Cluster cluster;

    public IstioSeed(Cluster cluster) throws IOException {
        this.cluster = cluster;
        cluster.startIstio();
        cluster.kubectl("create", "namespace", INGRESS);
        cluster.apply(ingressService() + """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: gateway-1, namespace: %s, labels: {kubernetes.io/service-name: istio-ingressgateway}}
                addressType: IPv4
                ports: [{name: tcp, port: 9443}]
                endpoints: [{addresses: ["%s"]}]
                """.formatted(INGRESS, cluster.address()));
        cluster.startIngressGateway(INGRESS, "app: istio-ingressgateway, istio: ingressgateway");
    }

    public static String ingressService() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: %s}
                spec:
                  type: LoadBalancer
                  selector: {app: istio-ingressgateway, istio: ingressgateway}
                  ports: [{name: tcp, port: 443, targetPort: 9443}]
                """.formatted(INGRESS);
    }

    /** A namespace with an API server's Service; behind it, where {@code port} is not 0, a server of the test. */
    public void controlPlane(String technicalId, int port) throws IOException {
        cluster.kubectl("create", "namespace", technicalId);
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %s}
                spec: {ports: [{name: kube-apiserver, port: 443}]}
                """.formatted(technicalId));
        if (port != 0) {
            cluster.apply("""
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: kube-apiserver-1, namespace: %s, labels: {kubernetes.io/service-name: kube-apiserver}}
                    addressType: IPv4
                    ports: [{name: kube-apiserver, port: %d}]
                    endpoints: [{addresses: ["%s"]}]
                    """.formatted(technicalId, port, cluster.outside()));
        }
    }

    /** The head of the answer to one CONNECT. */
    public String connect(Entrance entrance, String technicalId) throws IOException {
        return connectTo(entrance, Plans.apiServer(technicalId));
    }

    public String connectTo(Entrance entrance, String value) throws IOException {
        try (var client = new Client(address(entrance))) {
            return client.send(Client.connect(entrance, value)).readHead();
        }
    }

    /** Half of them through each port. */
    public List<Client> tunnels(int count, String technicalId) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < count; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            var client = new Client(address(entrance));
            client.send(Client.connect(entrance, Plans.apiServer(technicalId)));
            String head = client.readHead();
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new AssertionError("no tunnel but " + head);
            }
            clients.add(client);
        }
        return clients;
    }

    private InetSocketAddress address(Entrance entrance) {
        return new InetSocketAddress(cluster.address(), entrance == Entrance.UNIFIED ? 8443 : 8132);
    }

    /** What Envoy runs with, without the times at which it was told. */
    public String listeners() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + cluster.address()
                            + ":15000/config_dump?resource=dynamic_listeners&mask=active_state.listener"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
