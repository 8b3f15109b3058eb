package io.moongate.cli.demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The manifests of the demo, in a folder of its own: written as a garden would tell them. */
final class DemoLandscape {
    static final String NAMESPACE = "garden-demo";
    static final String LIAR = "liar";

    private final Path folder;
    private final int upstream;
    private final int unifiedPort = freePort();
    private final int legacyPort = freePort();

    /** @param upstream the port of what stands for the API servers */
    DemoLandscape(Path folder, int upstream) throws IOException {
        this.folder = folder;
        this.upstream = upstream;
    }

    /** A port that is closed and opened again has to be the same one. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static String technicalId(String shoot) {
        return "shoot--demo--" + shoot;
    }

    /** So short a window, and so hasty a pace, are for a demo. */
    void configure(boolean unified) throws IOException {
        write("moongate.yaml", """
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                featureGates: {UseUnifiedHTTPProxyPort: %s}
                gateway:
                  listeners:
                    unified: {port: %d, addresses: ["127.0.0.1"]}
                    legacy: {port: %d, addresses: ["127.0.0.1"]}
                  drain: {grace: 1s}
                evidence: {window: 4s, retention: 1h}
                removal: {pace: 1s, rollbackWindow: 1h}
                admin: {port: 0}
                dashboard: {port: 0}
                """.formatted(unified, unifiedPort, legacyPort));
    }

    void shoots(List<String> names) throws IOException {
        for (String name : names) {
            shoot(name, "");
        }
    }

    /** @param ago since when its condition says that it has moved */
    void declareMoved(String name, Duration ago) throws IOException {
        Instant since = Instant.now().minus(ago).truncatedTo(ChronoUnit.SECONDS);
        shoot(name, """
                  conditions:
                  - type: ShootUsesUnifiedHTTPProxyPort
                    status: "True"
                    reason: ComponentsUseUnifiedPort
                    message: all of them
                    lastTransitionTime: "%1$s"
                    lastUpdateTime: "%1$s"
                """.formatted(since));
    }

    private void shoot(String name, String conditions) throws IOException {
        write(name + ".yaml", """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  purpose: evaluation
                  seedName: seed-1
                  dns: {domain: %1$s.example.org}
                  provider: {workers: [{name: w}]}
                status:
                  seedName: seed-1
                  technicalID: %3$s
                  advertisedAddresses: [{name: internal, url: "https://gw.example.org"}]
                %4$s---
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %3$s}
                spec: {clusterIP: 10.1.2.3, ports: [{name: kube-apiserver, port: 443}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: kube-apiserver-1, namespace: %3$s, labels: {kubernetes.io/service-name: kube-apiserver}}
                addressType: IPv4
                ports: [{name: kube-apiserver, port: %5$d}]
                endpoints: [{addresses: ["127.0.0.1"]}]
                """.formatted(name, NAMESPACE, technicalId(name), conditions, upstream));
    }

    private void write(String name, String text) throws IOException {
        Path part = folder.resolve("." + name + ".part");
        Files.writeString(part, text);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
