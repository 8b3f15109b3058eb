package io.moongate.conformance.lab;

import java.io.IOException;

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
}
