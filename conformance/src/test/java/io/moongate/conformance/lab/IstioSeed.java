package io.moongate.conformance.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A cluster with istiod and one real Envoy as its ingress gateway, and what a platform has there besides. */
public final class IstioSeed extends SeedCluster {
    public static final String INGRESS = "istio-ingress";

    public IstioSeed(Cluster cluster) throws IOException {
        super(cluster);
        cluster.startIstio();
        cluster.kubectl("create", "namespace", INGRESS);
        cluster.apply(ingressService() + endpoint(cluster.address()));
        cluster.startIngressGateway(INGRESS, "app: istio-ingressgateway, istio: ingressgateway");
    }

    /** As of a pod of the ingress gateway there. */
    public static String endpoint(String address) {
        return """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: gateway-1, namespace: %s, labels: {kubernetes.io/service-name: istio-ingressgateway}}
                addressType: IPv4
                ports: [{name: tcp, port: 9443}]
                endpoints: [{addresses: ["%s"]}]
                """.formatted(INGRESS, address);
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
