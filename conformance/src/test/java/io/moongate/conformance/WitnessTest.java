package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Evidence and removal in a cluster: real istiod configures a real Envoy to tell {@code moongate witness} of its tunnels;
 * the witness decides, {@code moongate operator} carries it out.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WitnessTest extends WitnessScene {
    private IstioSeed seed;

    @Test
    void whatIstiosTunnelsTellDecidesAboutThePort() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            of(lab, one, other);
            prepare(upstream.port());
            installChart("Istio", "");
            configure("Istio", "", "");
            operator.start();
            witness.start();
            soon().untilAsserted(() ->
                    assertThat(witness.log()).as("nobody has a tunnel yet").contains("reports the tunnels of the"));
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

    private void prepare(int upstream) throws IOException {
        seed = new IstioSeed(cluster);
        garden = new Garden(cluster);
        seed.controlPlane(LIVE, upstream);
        garden.shoot("live");
        seedObject();
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
                    .header(RequestGuard.TOOL_HEADER, "true")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"who\": \"anna\"}"))
                    .build();
            statuses.add(http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
        return statuses;
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
}
