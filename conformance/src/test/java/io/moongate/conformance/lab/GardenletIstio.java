package io.moongate.conformance.lab;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.List;

/** Istio's objects of an ingress gateway in the form in which gardenlet has them, written by a field manager of that name. */
public final class GardenletIstio {
    private static final String KINDS = "envoyfilters,gateways.networking.istio.io,destinationrules,services";

    private static final String CONNECT =
            "http_protocol_options: {accept_http_10: true}\nupgrade_configs: [{upgrade_type: CONNECT}]\n";

    private final Cluster cluster;
    private final String namespace;

    public GardenletIstio(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /** As at each of its reconciliations. */
    public void apply() throws IOException {
        cluster.applyAs(
                "gardenlet",
                service()
                        + gateway("http-proxy", 8443, "http-proxy")
                        + gateway("http-connect", 8132, "tls-tunnel")
                        + filter("http-proxy", 8443, CONNECT + routes("X-Gardener-Destination", "http-proxy"))
                        // Envoy refuses a manager that is told of CONNECT twice.
                        + filter("reversed-vpn", 8132, routes("Reversed-VPN", "reversed-vpn-tls-tunnel"))
                        + filter("http-connect-listener", 8132, CONNECT));
    }

    /** The unified port routes by the header of the other one. */
    public void routeByTheWrongHeader() throws IOException {
        cluster.applyAs("gardenlet", filter("http-proxy", 8443, CONNECT + routes("Reversed-VPN", "http-proxy")));
    }

    /** As with its gate RemoveHTTPProxyLegacyPort. */
    public void removeLegacyPort() throws IOException {
        cluster.kubectl("delete", "gateways.networking.istio.io", "-n", namespace, "http-connect");
        cluster.kubectl("delete", "envoyfilter", "-n", namespace, "reversed-vpn", "http-connect-listener");
        cluster.applyAs("gardenlet", service().replaceAll(" *- \\{name: tls-tunnel[^\n]*\n", ""));
    }

    /** It goes and comes: as where gardenlet has made it anew. */
    public void renew(String filter) throws IOException {
        cluster.kubectl("delete", "envoyfilter", "-n", namespace, filter);
        apply();
    }

    /** Name, version and field managers of what is not ours. */
    public String versions() throws IOException {
        return cluster.kubectl(
                        "get",
                        KINDS,
                        "-n",
                        namespace,
                        "-o",
                        "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}"
                                + " {.metadata.managedFields[*].manager}{'\\n'}{end}")
                .lines()
                .filter(line -> !line.contains(" moongate-evidence "))
                .sorted()
                .collect(joining("\n"));
    }

    private String service() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: %s, %s}
                spec:
                  type: LoadBalancer
                  selector: {app: istio-ingressgateway, istio: ingressgateway}
                  ports:
                  - {name: tcp, port: 443, targetPort: 9443}
                  - {name: http-proxy, port: 8443, targetPort: 8443}
                  - {name: tls-tunnel, port: 8132, targetPort: 8132}
                """.formatted(namespace, marks());
    }

    private String gateway(String name, int port, String portName) {
        return """
                ---
                apiVersion: networking.istio.io/v1beta1
                kind: Gateway
                metadata: {name: %s, namespace: %s, %s}
                spec:
                  selector: {app: istio-ingressgateway, istio: ingressgateway}
                  servers:
                  - port: {number: %d, name: %s, protocol: HTTP}
                    hosts: [non-existing-blackhole.garden.svc.cluster.local]
                """.formatted(name, namespace, marks(), port, portName);
    }

    /** Routes stand in the listener itself. */
    private static String routes(String header, String virtualHost) {
        return """
                route_config:
                  virtual_hosts:
                  - name: %s
                    domains: ["*"]
                    routes:
                    - match:
                        connect_matcher: {}
                        headers: [{name: %2$s, string_match: {safe_regex: {regex: '%3$s'}}}]
                      route: {cluster_header: %2$s, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                    - {match: {connect_matcher: {}}, redirect: {https_redirect: true, port_redirect: 443}}
                    - {match: {prefix: /}, redirect: {https_redirect: true, port_redirect: 443}}
                """.formatted(virtualHost, header, pattern());
    }

    private String filter(String name, int port, String manager) {
        return """
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: %s, namespace: %s, %s}
                spec:
                  workloadSelector: {labels: {app: istio-ingressgateway, istio: ingressgateway}}
                  configPatches:
                  - applyTo: NETWORK_FILTER
                    match:
                      context: GATEWAY
                      listener: {portNumber: %d, filterChain: {filter: {name: envoy.filters.network.http_connection_manager}}}
                    patch:
                      operation: MERGE
                      value:
                        name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                """.formatted(name, namespace, marks(), port) + manager.indent(10);
    }

    private static String pattern() {
        String shoot = "shoot-[a-z0-9]+(-[a-z0-9]+)*|shoot--[a-z0-9]+(-[a-z0-9]+)*--[a-z0-9]+(-[a-z0-9]+)*";
        List<String> servers = List.of("1194\\|\\|vpn-seed-server(-[0-4])?", "443\\|\\|kube-apiserver");
        return "^(outbound\\|(" + String.join("|", servers) + ")\\..*\\.svc\\.cluster\\.local|(" + shoot
                + ")--kube-apiserver-socket)$";
    }

    private static String marks() {
        return "labels: {resources.gardener.cloud/managed-by: gardener}, annotations: {resources.gardener.cloud/origin:"
                + " \"seed-1:istio-system/istio\"}";
    }
}
