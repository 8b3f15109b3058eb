package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Forward;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.Helm;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Kubelet;
import io.moongate.conformance.lab.Kubelet.State;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.conformance.lab.RealNode;
import io.moongate.conformance.lab.SeedCluster;
import io.moongate.conformance.lab.SimulatedShoots;
import io.moongate.conformance.lab.StoryShoots;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.config.Target;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole of it: our chart in a seed, twenty shoots of all kinds, gate on, off and on, the operator killed at random.
 * Three real API servers (garden and seed; a shoot with a node on which pods really run; the other shoots), real
 * controllers, real istiod and Envoy or our own gateway.
 */
class StoryTest {
    @TempDir
    Path folder;

    private final Random random = new Random();
    private Cluster seedCluster;
    private Cluster realCluster;
    private Garden garden;
    private OperatorProcess operator;
    private Target target;

    @ParameterizedTest
    @EnumSource(Target.class)
    @Timeout(900)
    void twentyShootsMoveAndNobodyIsCutOff(Target chosen) throws Exception {
        target = chosen;
        try (var seedOne = new Cluster(folder.resolve("seed"));
                var realOne = new Cluster(folder.resolve("real"));
                var many = new Cluster(folder.resolve("many"));
                var simulated = new SimulatedShoots(many);
                var played = new Kubelet(
                        many,
                        pod -> pod.getMetadata().getName().startsWith("moongate-probe")
                                ? pod.getMetadata().getNamespace().endsWith(StoryShoots.FAILING)
                                        ? State.FAILED
                                        : State.SUCCEEDED
                                : State.READY);
                var echo = Upstream.echo(seedOne.outsideAddress());
                var apiServer =
                        new Forward(seedOne.outsideAddress(), 0, new InetSocketAddress(realOne.address(), 6443));
                var unified =
                        new Forward(realOne.outsideAddress(), 8443, new InetSocketAddress(seedOne.address(), 8443));
                var legacy =
                        new Forward(realOne.outsideAddress(), 8132, new InetSocketAddress(seedOne.address(), 8132));
                var own = new OperatorProcess(folder.resolve("operator"), seedOne)) {
            seedCluster = seedOne;
            realCluster = realOne;
            operator = own;
            var node = new RealNode(realOne, folder.resolve("node"));
            try (var kubelet = new Kubelet(realOne, node)) {
                for (Cluster cluster : List.of(many, realOne)) {
                    cluster.startControllers();
                    cluster.node("node-1");
                }
                garden = new Garden(seedOne);
                SeedCluster seed = target == Target.Istio ? new IstioSeed(seedOne) : new SeedCluster(seedOne);
                var shoots = new StoryShoots(seed, seedOne, garden, simulated);
                for (String name : atFirst()) {
                    shoots.simulated(name, echo.port());
                }
                shoots.real(realOne, realOne.outside(), apiServer.port(), echo.port());
                tell(seed, shoots, echo.port());
            } finally {
                node.endAll();
            }
        }
    }

    private void tell(SeedCluster seed, StoryShoots shoots, int echo) throws Exception {
        installChart(false);
        if (target == Target.Gateway) {
            startGateway();
        }
        operator.configureFromChart();
        operator.start();
        for (Entrance entrance : Entrance.values()) {
            soon().until(() ->
                    seed.connect(entrance, StoryShoots.technicalId("less1")).startsWith("HTTP/1.1 200 "));
        }
        soon().until(() -> throughTheProxy("get", "--raw", "/readyz").equals("ok"));

        var tunnels = new ArrayList<Client>();
        for (String untouched : List.of("less1", "sleep1")) {
            tunnels.addAll(seed.tunnels(50, StoryShoots.technicalId(untouched)));
        }
        var pings = new Pings(tunnels);
        Path answers = watchTheProxy();

        gate(true);
        killOnce();
        shoots.simulated(StoryShoots.LATE, echo);
        killOnce();
        everybodyHasMoved();
        soon().untilAsserted(
                        () -> assertThat(throughTheProxy("get", "namespaces")).contains("kube-system"));
        Path manifest = Files.writeString(
                folder.resolve("user.yaml"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: users, namespace: default}, data: {a: b}}");
        assertThat(throughTheProxy("apply", "-f", manifest.toString())).contains("configmap/users created");

        gate(false);
        killOnce();
        for (String name : moving()) {
            soon().untilAsserted(
                            () -> assertThat(garden.condition(name)).as(name).isEmpty());
        }
        gate(true);
        everybodyHasMoved();

        long during = pings.count();
        assertThat(pings.end()).as("tunnels of shoots that nothing moved").isEmpty();
        System.out.printf(
                "MEASURED story with target %s: 100 tunnels that nothing moved, %d pings: 0 resets; API server proxy, one node, three moves: longest time without an answer %d ms%n",
                target, during, longestGap(answers));
        assertThat(seedCluster.kubectl("get", "shoots", "-n", Garden.NAMESPACE, "-o", "name"))
                .hasLineCount(20);
    }

    private static List<String> atFirst() {
        return Stream.of(
                        StoryShoots.PLAIN,
                        StoryShoots.HA,
                        StoryShoots.WITHOUT_DNS,
                        StoryShoots.V6,
                        StoryShoots.WORKERLESS,
                        StoryShoots.HIBERNATED,
                        StoryShoots.LEGACY_ID,
                        List.of(StoryShoots.FAILING))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> moving() {
        return Stream.of(
                        StoryShoots.PLAIN,
                        StoryShoots.HA,
                        StoryShoots.WITHOUT_DNS,
                        StoryShoots.V6,
                        StoryShoots.LEGACY_ID,
                        List.of(StoryShoots.REAL, StoryShoots.LATE))
                .flatMap(List::stream)
                .toList();
    }

    private void everybodyHasMoved() {
        for (String name : moving()) {
            soon().untilAsserted(() ->
                    assertThat(garden.condition(name)).as(name).isEqualTo("True ComponentsUseUnifiedPort"));
        }
        soon().untilAsserted(
                        () -> assertThat(garden.condition(StoryShoots.FAILING)).isEqualTo("False Pending"));
        for (String name : StoryShoots.HIBERNATED) {
            soon().untilAsserted(() -> assertThat(garden.condition(name)).isEqualTo("Unknown Hibernated"));
        }
        for (String name : StoryShoots.WORKERLESS) {
            soon().untilAsserted(() -> assertThat(garden.condition(name)).isEmpty());
        }
    }

    /** As an operator of the platform does: the chart's values, rendered by helm, applied. */
    private void installChart(boolean gate) throws IOException {
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                seed: seed-1
                image: {repository: registry.example.org/moongate, tag: "1"}
                configuration:
                  featureGates: {UseUnifiedHTTPProxyPort: %s}
                  target: %s
                  ownership: {seed: Manage, shoots: Manage}
                  rollout: {maxConcurrent: 4, probeTimeout: 60s}
                  components:
                    vpnClient: {image: vpn}
                    apiServerProxy: {image: envoy, addressImage: ip}
                    probeImage: moongate
                """.formatted(gate, target));
        String rendered = Helm.template(values);
        if (!gate && !seedCluster.kubectl("get", "namespaces", "-o", "name").contains(Helm.NAMESPACE)) {
            seedCluster.kubectl("create", "namespace", Helm.NAMESPACE);
        }
        seedCluster.apply(rendered);
    }

    private void gate(boolean on) throws IOException {
        installChart(on);
        operator.configureFromChart();
    }

    private void startGateway() throws IOException {
        seedCluster.startInside(
                "gateway",
                System.getProperty("launcher"),
                "gateway",
                "--seed",
                "seed-1",
                "--namespace",
                Helm.NAMESPACE,
                "--seed-kubeconfig",
                seedCluster.kubeconfigOf(Helm.NAMESPACE, "moongate-gateway").toString(),
                "--state",
                folder.resolve("gateway-state").toString());
    }

    /** At any moment of a move. */
    private void killOnce() throws Exception {
        long millis = 1000 + random.nextInt(6000);
        System.out.println("the operator is killed after " + millis + " ms");
        Thread.sleep(millis);
        operator.kill();
        operator.start();
    }

    /** As a pod of the shoot reaches its API server. */
    private String throughTheProxy(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Cluster.server("kubectl").toString(),
                "--server=https://" + advertisedAddress(),
                "--insecure-skip-tls-verify",
                "--token=lab",
                "--request-timeout=5s"));
        command.addAll(List.of(arguments));
        return realCluster.inside(command.toArray(String[]::new));
    }

    private String advertisedAddress() throws IOException {
        String ip = seedCluster.kubectl(
                "get",
                "service",
                "-n",
                StoryShoots.technicalId(StoryShoots.REAL),
                "kube-apiserver",
                "-o",
                "jsonpath={.spec.clusterIP}");
        return "240" + ip.substring(ip.indexOf('.'));
    }

    /** A line with the time for each answer, five times a second. */
    private Path watchTheProxy() throws IOException {
        Path answers = folder.resolve("answers");
        realCluster.startInside(
                "watch",
                "sh",
                "-c",
                "while true; do curl -sk --max-time 1 -o /dev/null https://" + advertisedAddress()
                        + "/readyz && date +%s%3N; sleep 0.2; done > " + answers);
        return answers;
    }

    private static long longestGap(Path answers) throws IOException {
        List<Long> times =
                Files.readAllLines(answers).stream().map(Long::valueOf).toList();
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
