package io.moongate.conformance.lab;

import java.time.Instant;

/** Manifests for tests, as text. */
public final class Manifests {
    private Manifests() {}

    public static String configuration(boolean gate, String gateway) {
        return """
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                featureGates: {UseUnifiedHTTPProxyPort: %s}
                %s
                """.formatted(gate, gateway);
    }

    /** A shoot whose clients dial {@code host}. */
    public static String shoot(String name, String host, boolean ha) {
        return """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %1$s, namespace: garden-test}
                spec:
                  dns: {domain: %1$s.example.org}
                  provider: {workers: [{name: w}]}
                %3$s
                status:
                  technicalID: shoot--test--%1$s
                  advertisedAddresses: [{name: internal, url: "https://%2$s"}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: shoot--test--%1$s}
                spec: {clusterIP: 10.1.2.3, ports: [{name: kube-apiserver, port: 443}]}
                ---
                """.formatted(
                        name, host, ha ? "  controlPlane: {highAvailability: {failureTolerance: {type: node}}}" : "");
    }

    /** The same shoot with its address ranges, on a seed whose pods have theirs. */
    public static String networked(String shoot, String ipFamilies, String seedPods) {
        String spec = "spec:\n  seedName: seed\n  networking: {ipFamilies: " + ipFamilies + "}\n";
        return shoot.replaceFirst("spec:\n", spec).replaceFirst("status:\n", """
                        status:
                          networking:
                            pods: [100.96.0.0/11, "2001:db8:1::/48"]
                            services: [100.64.0.0/13]
                            nodes: [10.250.0.0/16]
                        """) + """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Seed
                metadata: {name: seed}
                spec: {networks: {pods: "%s"}}
                ---
                """.formatted(seedPods);
    }

    /**
     * A shoot with its API server on this port of this machine.
     *
     * @param declared whether its condition says, since long ago, that it has moved
     */
    public static String adopting(String name, boolean declared, int port) {
        String manifest = shoot(name, "gw.example.org", false).replaceFirst("spec:\n", "spec:\n  purpose: production\n")
                + endpoints(name, "kube-apiserver", port);
        return declared ? declared(manifest, Instant.parse("2026-01-01T00:00:00Z")) : manifest;
    }

    /** The same shoot, with a condition that says it has moved. */
    public static String declared(String shoot, Instant since) {
        return shoot.replaceFirst("status:\n", """
                status:
                  conditions:
                  - type: ShootUsesUnifiedHTTPProxyPort
                    status: "True"
                    reason: ComponentsUseUnifiedPort
                    message: all of them
                    lastTransitionTime: "%1$s"
                    lastUpdateTime: "%1$s"
                """.formatted(since));
    }

    public static String endpoints(String name, String service, int port) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %2$s-1, namespace: shoot--test--%1$s, labels: {kubernetes.io/service-name: %2$s}}
                addressType: IPv4
                ports: [{name: %2$s, port: %3$d}]
                endpoints: [{addresses: ["127.0.0.1"]}]
                ---
                """.formatted(name, service, port);
    }
}
