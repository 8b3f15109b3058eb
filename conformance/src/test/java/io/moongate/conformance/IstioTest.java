package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plan's objects for Istio, applied to a real API server, served by real istiod to a real Envoy: who is let in, and
 * that what varies touches no tunnel.
 */
class IstioTest {
    private static final int TUNNELS = 300;
    private static final int SHOOTS = 20;
    private static final String LIVE = "shoot--test--live";

    @TempDir
    Path folder;

    private Path landscape;

    @Test
    void shootsAndAccessListsComeAndGoUnderLiveTunnels() throws Exception {
        landscape = Files.createDirectories(folder.resolve("landscape"));
        try (var cluster = new Cluster(folder.resolve("seed"));
                var upstream = Upstream.echo(cluster.outsideAddress())) {
            prepare(cluster, upstream);
            bring(cluster, "access: []", 0);
            for (Entrance entrance : Entrance.values()) {
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> connect(cluster, entrance, Plans.apiServer(LIVE))
                                .startsWith("HTTP/1.1 200 "));
                assertThat(connect(cluster, entrance, Plans.apiServer("shoot--test--s0")))
                        .as("not in the plan")
                        .startsWith("HTTP/1.1 301 ");
                assertThat(connect(cluster, entrance, "outbound|443||kubernetes.default.svc.cluster.local"))
                        .as("a Service that is no shoot's")
                        .startsWith("HTTP/1.1 301 ");
            }
            String listeners = listeners(cluster);
            assertThat(listeners).contains("\"port_value\": 8443", "\"port_value\": 8132", "accept_http_10");
            var pings = new Pings(open(cluster));
            for (int i = 1; i <= SHOOTS; i++) {
                bring(cluster, "access: [{shoot: garden-test/s0, allow: [\"192.0.2." + i + "/32\"]}]", i);
                String newest = Plans.apiServer("shoot--test--s" + (i - 1));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> connect(cluster, Entrance.UNIFIED, newest)
                                .startsWith("HTTP/1.1 " + (newest.contains("s0.") ? "403" : "503")));
            }
            bring(cluster, "access: []", 0);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> connect(cluster, Entrance.LEGACY, Plans.apiServer("shoot--test--s3"))
                            .startsWith("HTTP/1.1 301 "));
            long during = pings.count();
            assertThat(pings.end()).as("tunnels that broke or lost bytes").isEmpty();
            assertThat(listeners(cluster)).as("the listeners' configuration").isEqualTo(listeners);
            System.out.println("MEASURED Istio: " + TUNNELS + " tunnels, " + SHOOTS
                    + " shoots and access lists came and went, " + during + " pings: 0 resets");
        }
    }

    private void prepare(Cluster cluster, Upstream upstream) throws IOException {
        cluster.startIstio();
        String ingress = """
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: istio-ingress}
                spec:
                  type: LoadBalancer
                  selector: {app: istio-ingressgateway, istio: ingressgateway}
                  ports: [{name: tcp, port: 443, targetPort: 9443}]
                """;
        cluster.kubectl("create", "namespace", "istio-ingress");
        cluster.kubectl("create", "namespace", LIVE);
        cluster.apply(ingress + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %1$s}
                spec: {ports: [{name: kube-apiserver, port: 443, targetPort: %3$d}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: kube-apiserver-1, namespace: %1$s, labels: {kubernetes.io/service-name: kube-apiserver}}
                addressType: IPv4
                ports: [{name: kube-apiserver, port: %3$d}]
                endpoints: [{addresses: ["%2$s"]}]
                """.formatted(LIVE, cluster.outside(), upstream.port()));
        for (int i = 0; i < SHOOTS; i++) {
            String namespace = "shoot--test--s" + i;
            cluster.kubectl("create", "namespace", namespace);
            cluster.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: kube-apiserver, namespace: %s}
                    spec: {ports: [{name: kube-apiserver, port: 443}]}
                    """.formatted(namespace));
        }
        Files.writeString(landscape.resolve("ingress.yaml"), ingress);
        cluster.startIngressGateway("istio-ingress", "app: istio-ingressgateway, istio: ingressgateway");
    }

    /** The live shoot and so many others become the plan, and the plan's objects the seed's. */
    private void bring(Cluster cluster, String gateway, int others) throws IOException {
        var manifests = new StringBuilder(Manifests.configuration(false, "target: Istio\ngateway: {" + gateway + "}"));
        manifests.append("---\n").append(Manifests.shoot("live", "gw.example.org", false));
        for (int i = 0; i < others; i++) {
            manifests.append(Manifests.shoot("s" + i, "gw.example.org", false));
        }
        Files.writeString(landscape.resolve("all.yaml"), manifests);
        String objects = Lab.run(System.getProperty("launcher"), "plan", landscape.toString(), "--objects");
        cluster.apply(objects);
    }

    private static List<Client> open(Cluster cluster) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < TUNNELS; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            var client = new Client(address(cluster, entrance));
            client.send(Client.connect(entrance, Plans.apiServer(LIVE)));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            clients.add(client);
        }
        return clients;
    }

    private static String connect(Cluster cluster, Entrance entrance, String value) throws IOException {
        try (var client = new Client(address(cluster, entrance))) {
            return client.send(Client.connect(entrance, value)).readHead();
        }
    }

    private static InetSocketAddress address(Cluster cluster, Entrance entrance) {
        return new InetSocketAddress(cluster.address(), entrance == Entrance.UNIFIED ? 8443 : 8132);
    }

    /** What Envoy runs with, without the times at which it was told. */
    private static String listeners(Cluster cluster) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + cluster.address()
                            + ":15000/config_dump?resource=dynamic_listeners&mask=active_state.listener"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
