package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Helm;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.conformance.lab.SeedCluster;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Evidence and removal in a cluster: real istiod configures a real Envoy to tell {@code moongate witness} of its tunnels;
 * the witness decides, {@code moongate operator} carries it out.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WitnessTest {
    private static final String LIVE = "shoot--test--live";
    private static final String EXEMPTED =
            "{shoot: garden-test/live, owner: team-a, reason: test, expires: 2099-01-01T00:00:00Z}";

    @TempDir
    Path folder;

    private Garden garden;
    private Cluster cluster;
    private IstioSeed seed;
    private OperatorProcess operator;
    private OperatorProcess witness;
    private int accessLog;
    private int shared;
    private String namespace = "default";

    @Test
    void whatIstiosTunnelsTellDecidesAboutThePort() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            cluster = lab;
            operator = one;
            witness = other;
            prepare(upstream.port());
            installChart("Istio", "");
            configure("Istio", "", "");
            operator.start();
            witness.start();
            soon().untilAsserted(() ->
                    assertThat(witness.log()).as("nobody has a tunnel yet").contains("tells about its tunnels"));
            soon().ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> seed.connect(Entrance.LEGACY, LIVE).startsWith("HTTP/1.1 200 "));
            soon().until(() -> ports().equals("443 8443 8132"));
            var unified = new Pings(seed.tunnels(20, LIVE).stream()
                    .filter(c -> c.socket().getPort() == 8443)
                    .toList());
            evidenceComesFromEnvoy();
            othersReadItThroughTheApiServer();
            whileItIsUsedNothingIsRemoved();
            exemptedItGoes();
            whatWasDecidedOutlivesTheWitness();
            restoredItIsBack();
            assertThat(unified.end())
                    .as("tunnels that nothing required to move")
                    .isEmpty();
        }
    }

    /** The same with {@code target: Gateway}, whose gateways tell by the same wire and close their listener themselves. */
    @Test
    void whatOurGatewaysTellDecidesAboutThePort() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab);
                var gateway = new GatewayProcess(folder.resolve("gateway"), 0)) {
            cluster = lab;
            operator = one;
            witness = other;
            garden = new Garden(cluster);
            seedObject();
            new SeedCluster(cluster).controlPlane(LIVE, upstream.port());
            garden.shoot("live");
            String listeners = "gateway: {" + gateway.listeners("127.0.0.1", cluster.outside()) + "}";
            installChart("Gateway", listeners);
            gatewayPod();
            configure("Gateway", "", listeners);
            operator.start();
            witness.start();
            soon().untilAsserted(() -> assertThat(witness.admin().metric("moongate_adoption_unseen_seconds"))
                    .as("nobody tells, so nobody looks")
                    .isPositive());
            gateway.startFromChart(cluster, "--witness", cluster.outside() + ":" + accessLog);
            var unified = new Pings(tunnels(gateway, Entrance.UNIFIED));
            List<Client> legacy = tunnels(gateway, Entrance.LEGACY);
            String before = gatewayPorts();
            soon().untilAsserted(() ->
                    assertThat(moongate("adoption", "-o", "csv").output()).containsPattern(",5,5,20"));
            assertThat(moongate("legacy-port", "remove", "--yes").exit()).isEqualTo(2);
            configure("Gateway", EXEMPTED, listeners);
            soon().untilAsserted(() -> assertThat(seedCondition()).startsWith("True NothingBlocks"));
            assertThat(moongate("legacy-port", "plan").output())
                    .contains("update Service moongate-system/moongate-gateway: takes out port ")
                    .containsPattern("(?m)^- +- name: tls-tunnel$");
            firstTheServiceThenTheListener(gateway, legacy);
            assertThat(moongate("legacy-port", "restore").exit()).isZero();
            soon().until(() -> gatewayPorts().equals(before));
            assertThat(tunnels(gateway, Entrance.LEGACY)).isNotEmpty();
            theGateDoesTheSame(gateway, listeners);
            soon().until(() -> gatewayPorts().equals(before));
            assertThat(unified.end())
                    .as("tunnels that nothing required to move")
                    .isEmpty();
        }
    }

    private void firstTheServiceThenTheListener(GatewayProcess gateway, List<Client> legacy) throws Exception {
        operator.kill();
        assertThat(moongate("legacy-port", "remove", "--yes", "--no-wait").exit())
                .isZero();
        soon().until(() -> cluster.kubectl("get", "configmaps", "-n", namespace, "-o", "name")
                .contains("moongate-legacy-port-seed-1"));
        assertThat(tunnels(gateway, Entrance.LEGACY))
                .as("new tunnels while the Service leads to the port")
                .isNotEmpty();
        operator.start();
        soon().until(() -> !gatewayPorts().contains("tls-tunnel"));
        for (Client client : legacy) {
            assertThat(client.read(1)).as("a tunnel of the port that is gone").isEmpty();
        }
        assertThat(gateway.config()).contains("\"legacy\" : [ ]");
        assertThat(moongate("legacy-port", "check").exit()).isZero();
    }

    /** With all that is said of each, the nodes' ports, too. */
    private String gatewayPorts() throws IOException {
        return cluster.kubectl("get", "service", "-n", namespace, "moongate-gateway", "-o", "jsonpath={.spec.ports}");
    }

    private void theGateDoesTheSame(GatewayProcess gateway, String listeners) throws Exception {
        String gates = "UseUnifiedHTTPProxyPort: true, RemoveHTTPProxyLegacyPort: ";
        configure(gates + "true", "Gateway", "", listeners);
        soon().untilAsserted(() -> assertThat(witness.admin().config()).contains("LegacyPortBlocked"));
        assertThat(seedCondition()).startsWith("False Blocked");
        configure(gates + "true", "Gateway", EXEMPTED, listeners);
        soon().until(() -> gateway.config().contains("\"legacy\" : [ ]"));
        configure(gates + "false", "Gateway", EXEMPTED, listeners);
        soon().until(() -> !gateway.config().contains("\"legacy\" : [ ]"));
    }

    private static List<Client> tunnels(GatewayProcess gateway, Entrance entrance) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < 5; i++) {
            clients.add(Client.tunnel(gateway.address(entrance), entrance, Plans.apiServer(LIVE)));
        }
        return clients;
    }

    /** What makes the one gateway a pod of the chart's Service. */
    private void gatewayPod() throws IOException {
        cluster.apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: moongate-gateway-1, namespace: %s, labels: {kubernetes.io/service-name: moongate-gateway}}
                addressType: IPv4
                ports: [{name: http-proxy, port: 8443}]
                endpoints: [{addresses: ["%s"]}]
                """.formatted(namespace, cluster.outside()));
    }

    private void prepare(int upstream) throws IOException {
        seed = new IstioSeed(cluster);
        garden = new Garden(cluster);
        seed.controlPlane(LIVE, upstream);
        garden.shoot("live");
        seedObject();
    }

    private void seedObject() throws IOException {
        accessLog = Admin.freePort();
        shared = Admin.freePort();
        witness.options("--share", cluster.outside() + ":" + shared);
        cluster.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Seed
                metadata: {name: seed-1}
                spec: {provider: {type: local}}
                """);
    }

    /** All of it, and the processes have the rights that it gives; in place of its pods they run here. */
    private void installChart(String target, String more) throws IOException {
        namespace = Helm.NAMESPACE;
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                seed: seed-1
                image: {repository: registry.example.org/moongate, tag: test}
                witness: {enabled: true, readers: [{namespaceSelector: {}}]}
                configuration:
                  target: %s
                  ownership: {seed: Manage}
                  evidence: {accessLogService: {port: %d}}
                  %s
                """.formatted(target, accessLog, more));
        cluster.kubectl("create", "namespace", namespace);
        cluster.apply(Helm.template(values));
        cluster.apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: moongate-witness-1, namespace: %s, labels: {kubernetes.io/service-name: moongate-witness}}
                addressType: IPv4
                ports: [{name: grpc-evidence, port: %d}]
                endpoints: [{addresses: ["%s"]}]
                """.formatted(namespace, accessLog, cluster.outside()));
        operator.rightsFromChart();
        witness.rightsFromChart();
    }

    private void configure(String target, String exemptions, String more) throws IOException {
        configure("UseUnifiedHTTPProxyPort: true", target, exemptions, more);
    }

    private void configure(String gates, String target, String exemptions, String more) throws IOException {
        for (OperatorProcess process : new OperatorProcess[] {operator, witness}) {
            process.configureWith("""
                    apiVersion: config.moongate.io/v1alpha1
                    kind: MoongateConfiguration
                    featureGates: {%s}
                    target: %s
                    ownership: {seed: Manage}
                    dashboard: {enabled: false}
                    removal: {pace: 1s, exemptions: [%s]}
                    evidence:
                      window: 3s
                      retention: 1h
                      accessLogService: {enabled: true, address: 0.0.0.0, port: %d, service: moongate-witness.moongate-system}
                    %s
                    """.formatted(gates, target, exemptions, accessLog, more));
        }
    }

    private void evidenceComesFromEnvoy() {
        soon().untilAsserted(() -> assertThat(moongate("adoption", "-o", "csv").output())
                .contains("garden-test/live,")
                .containsPattern(",10,10,20"));
    }

    /** A landscape of two seeds, of which one cannot be reached: by people, and by the dashboard. */
    private void othersReadItThroughTheApiServer() throws Exception {
        witnessPod();
        cluster.kubectl("create", "serviceaccount", "-n", "default", "anna");
        Path seeds = cluster.kubeconfigOf("default", "anna");
        var refused = withErrors("adoption", "--kubeconfig", seeds.toString(), "--context", "lab");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output()).contains("403", "witness-reader");
        cluster.kubectl(
                "create",
                "rolebinding",
                "-n",
                namespace,
                "anna",
                "--role=moongate-witness-reader",
                "--serviceaccount=default:anna");
        soon().untilAsserted(() -> {
            var read = Lab.ended(
                    launcher(), "adoption", "-o", "csv", "--kubeconfig", seeds.toString(), "--context", "lab");
            assertThat(read.output()).contains("garden-test/live,");
            assertThat(read.exit()).as("somebody needs the port").isEqualTo(2);
        });
        cluster.kubectl(
                "--kubeconfig", seeds.toString(), "config", "set-cluster", "gone", "--server=https://127.0.0.1:1");
        cluster.kubectl(
                "--kubeconfig", seeds.toString(), "config", "set-context", "away", "--cluster=gone", "--user=lab");
        var half = withErrors("adoption", "--kubeconfig", seeds.toString(), "--all-contexts");
        assertThat(half.output()).contains("error: the report cannot be read", "away", "garden-test/live");
        assertThat(half.exit())
                .as("of a landscape that is not whole nobody can say")
                .isEqualTo(1);
        theDashboardShowsThem(seeds);
        assertThat(onlyToRead()).containsExactly(200, 404, 404, 405);
    }

    /** The API server passes a Service's calls on to nothing but pods; what istiod knows of the Service stays. */
    private void witnessPod() throws IOException {
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: moongate-witness-0, namespace: %1$s}
                spec: {serviceAccountName: moongate-witness, containers: [{name: witness, image: witness}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: moongate-witness-2, namespace: %1$s, labels: {kubernetes.io/service-name: moongate-witness}}
                addressType: IPv4
                ports: [{name: readers, port: %3$d}]
                endpoints: [{addresses: ["%2$s"], targetRef: {kind: Pod, name: moongate-witness-0, namespace: %1$s}}]
                """.formatted(namespace, cluster.outside(), shared));
        cluster.kubectl(
                "patch",
                "pod",
                "-n",
                namespace,
                "moongate-witness-0",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"podIP\": \"%1$s\", \"podIPs\": [{\"ip\": \"%1$s\"}]}}".formatted(cluster.outside()));
    }

    private void theDashboardShowsThem(Path seeds) throws Exception {
        int port = Admin.freePort();
        Process dashboard = new ProcessBuilder(
                        launcher(),
                        "dashboard",
                        "--kubeconfig",
                        seeds.toString(),
                        "--all-contexts",
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dashboard.log").toFile())
                .start();
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                    .build();
            soon().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                    .body())
                            .contains("garden-test/live", "away cannot be asked"));
        } finally {
            Lab.end(dashboard);
        }
    }

    /** What the shared address answers: a report, the configuration, the metrics, a decision. */
    private List<Integer> onlyToRead() throws Exception {
        String base = "http://" + cluster.outside() + ":" + shared;
        var statuses = new ArrayList<Integer>();
        try (var http = HttpClient.newHttpClient()) {
            for (String page : List.of("/legacy-port", "/config", "/metrics")) {
                var request = HttpRequest.newBuilder(URI.create(base + page)).build();
                statuses.add(http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode());
            }
            var post = HttpRequest.newBuilder(URI.create(base + "/legacy-port/remove"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"who\": \"anna\"}"))
                    .build();
            statuses.add(http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
        return statuses;
    }

    private static Lab.Ended withErrors(String... command) throws Exception {
        var all = new ArrayList<>(List.of("sh", "-c", "\"$@\" 2>&1", "sh", launcher()));
        all.addAll(List.of(command));
        return Lab.ended(all.toArray(String[]::new));
    }

    private static String launcher() {
        return System.getProperty("launcher");
    }

    private void whileItIsUsedNothingIsRemoved() throws Exception {
        var check = moongate("legacy-port", "check");
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.output()).contains("garden-test/live");
        soon().untilAsserted(() -> assertThat(seedCondition()).startsWith("False Blocked 1 of 1 shoots need"));
        assertThat(moongate("legacy-port", "remove", "--yes").exit()).isEqualTo(2);
        assertThat(ports()).isEqualTo("443 8443 8132");
    }

    private void exemptedItGoes() throws Exception {
        configure("Istio", EXEMPTED, "");
        soon().untilAsserted(() -> assertThat(seedCondition()).startsWith("True NothingBlocks"));
        var plan = moongate("legacy-port", "plan");
        assertThat(plan.output())
                .contains("update Service istio-ingress/istio-ingressgateway: takes out port 8132")
                .contains("--- Service istio-ingress/istio-ingressgateway")
                .containsPattern("(?m)^- +port: 8132$")
                .contains("--- EnvoyFilter istio-ingress/reversed-vpn\n+++ nothing\n")
                .containsPattern("more lines; --full shows them")
                .contains("delete Gateway istio-ingress/http-connect");
        Client old = seed.tunnels(2, LIVE).get(1);
        assertThat(moongate("legacy-port", "remove", "--yes").exit()).isZero();
        soon().until(() -> ports().equals("443 8443"));
        soon().until(() -> !legacyAnswers());
        assertThat(old.read(1)).as("a tunnel of the port that is gone").isEmpty();
        assertThat(cluster.kubectl("get", "envoyfilters,gateways.networking.istio.io", "-A", "-o", "name"))
                .contains("http-proxy")
                .doesNotContain("reversed-vpn", "http-connect");
        soon().untilAsserted(() -> assertThat(seedCondition()).startsWith("True Removed"));
    }

    private void whatWasDecidedOutlivesTheWitness() throws Exception {
        witness.kill();
        operator.kill();
        cluster.kubectl("delete", "configmap", "-n", namespace, "moongate-legacy-port-seed-1");
        witness.start();
        soon().until(() -> cluster.kubectl("get", "configmaps", "-n", namespace, "-o", "name")
                .contains("moongate-legacy-port-seed-1"));
        operator.start();
        assertThat(moongate("legacy-port", "check", "-o", "json").output()).contains("\"port\" : \"Removed\"");
        assertThat(ports()).isEqualTo("443 8443");
    }

    private void restoredItIsBack() throws Exception {
        assertThat(moongate("legacy-port", "restore").exit()).isZero();
        soon().ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> seed.connect(Entrance.LEGACY, LIVE).startsWith("HTTP/1.1 200 "));
        soon().until(() -> ports().equals("443 8443 8132"));
    }

    private boolean legacyAnswers() {
        try {
            seed.connect(Entrance.LEGACY, LIVE);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private Lab.Ended moongate(String... command) throws Exception {
        var all = new String[command.length + 3];
        all[0] = launcher();
        System.arraycopy(command, 0, all, 1, command.length);
        all[command.length + 1] = "--admin";
        all[command.length + 2] = "http://127.0.0.1:" + witness.admin().port();
        return Lab.ended(all);
    }

    private String seedCondition() throws IOException {
        return cluster.kubectl(
                "get",
                "seed",
                "seed-1",
                "-o",
                "jsonpath={range .status.conditions[?(@.type==\"HTTPProxyLegacyPortRemovable\")]}{.status} {.reason} {.message}{end}");
    }

    private String ports() throws IOException {
        return cluster.kubectl(
                "get",
                "service",
                "-n",
                IstioSeed.INGRESS,
                "istio-ingressgateway",
                "-o",
                "jsonpath={.spec.ports[*].port}");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
