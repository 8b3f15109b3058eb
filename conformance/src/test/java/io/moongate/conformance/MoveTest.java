package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.Kubelet;
import io.moongate.conformance.lab.Kubelet.State;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.SimulatedShoots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator moves shoots whose components it manages: real API servers, real controllers, pods played. */
class MoveTest {
    private static final String MANAGE = """
            ownership: {shoots: Manage}
            rollout: {maxConcurrent: 2, stopAfterFailures: 2, progressDeadline: 8s, probeTimeout: 20s}
            components:
              vpnClient: {image: vpn}
              apiServerProxy: {image: envoy, addressImage: ip}
              probeImage: moongate
            """;

    private static final List<String> FIRST = List.of("plain", "nodns", "ha", "refusing", "stuck", "waiting");

    @TempDir
    Path folder;

    /** Whose probe says no, and whose VPN client never comes up on the unified port. */
    private final Set<String> refusing = ConcurrentHashMap.newKeySet();

    private final Set<String> stuck = ConcurrentHashMap.newKeySet();
    private final Pods pods = new Pods();

    /** Plays the pods, and looks whether a move costs more than it may. */
    private final class Pods implements Kubelet.Containers {
        private final Map<String, State> states = new ConcurrentHashMap<>();
        private final Queue<String> broken = new ConcurrentLinkedQueue<>();

        @Override
        public State stateOf(Pod pod) {
            String shoot = pod.getMetadata().getNamespace();
            String name = pod.getMetadata().getName();
            if (name.startsWith("moongate-probe")) {
                return refusing.contains(shoot) ? State.FAILED : State.SUCCEEDED;
            }
            boolean unifiedVpn = isVpn(name) && port(pod).equals("8443");
            State state = unifiedVpn && stuck.contains(shoot) ? State.NOT_READY : State.READY;
            states.put(shoot + "/" + name, state);
            return state;
        }

        @Override
        public void end(Pod pod) {
            String shoot = pod.getMetadata().getNamespace();
            String name = pod.getMetadata().getName();
            if (states.remove(shoot + "/" + name) == State.READY) {
                boolean another = states.entrySet().stream()
                        .anyMatch(e -> e.getKey().startsWith(shoot + "/vpn-shoot-") && e.getValue() == State.READY);
                if (!another) {
                    broken.add(shoot + ": no VPN client was Ready when " + name + " ended");
                }
            }
        }
    }

    private static boolean isVpn(String pod) {
        return pod.startsWith("vpn-shoot-");
    }

    private static String port(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(e -> e.getName().equals("OPENVPN_PORT"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void movesShootsWithCareAndBackAgain() throws Exception {
        try (var seed = new Cluster(folder.resolve("seed"));
                var cluster = new Cluster(folder.resolve("shoots"));
                var shoots = new SimulatedShoots(cluster);
                var kubelet = new Kubelet(cluster, pods);
                var operator = new OperatorProcess(folder.resolve("operator"), seed)) {
            cluster.startControllers();
            cluster.node("node-1");
            cluster.node("node-2");
            var garden = new Garden(seed);
            for (String name : FIRST) {
                addShoot(seed, shoots, garden, name);
            }
            for (String name : List.of("refusing", "stuck", "waiting")) {
                choose(seed, name, "disabled");
            }
            refusing.add("shoot--test--refusing");
            stuck.add("shoot--test--stuck");

            operator.configure(false, MANAGE);
            operator.start();
            for (String name : FIRST) {
                soon().untilAsserted(() -> assertThat(ports(cluster, name)).isEqualTo("8132"));
            }
            soon().untilAsserted(() -> assertThat(proxies(cluster, "plain")).isEqualTo("2 2"));
            assertThat(garden.condition("plain")).isEmpty();

            operator.configure(true, MANAGE);
            for (String name : new String[] {"plain", "nodns", "ha"}) {
                soon().untilAsserted(
                                () -> assertThat(garden.condition(name)).isEqualTo("True ComponentsUseUnifiedPort"));
                assertThat(ports(cluster, name)).isEqualTo("8443");
            }
            assertThat(garden.condition("stuck")).isEmpty();
            afterTwoFailuresNoFurtherShootIsMoved(seed, operator, garden, cluster);
            assertThat(pods.broken).isEmpty();

            aShootThatIsNewStartsOnTheUnifiedPort(seed, cluster, shoots, garden);
            whatIsEditedByHandIsRepaired(cluster);
            highAvailabilityComesAndGoes(seed, cluster);
            assertThat(pods.broken).isEmpty();
            itForgetsNothingWhenItIsKilled(seed, operator, garden, cluster);
            assertThat(pods.broken).isEmpty();
            offAndOnAgain(operator, garden, cluster);
            assertThat(pods.broken).isEmpty();
        }
    }

    private static void afterTwoFailuresNoFurtherShootIsMoved(
            Cluster seed, OperatorProcess operator, Garden garden, Cluster cluster) throws Exception {
        choose(seed, "refusing", "enabled");
        choose(seed, "stuck", "enabled");
        soon().untilAsserted(() -> assertThat(operator.admin().config())
                .contains("RolloutPaused", "garden-test/refusing", "garden-test/stuck"));
        choose(seed, "waiting", "enabled");
        for (String name : List.of("refusing", "stuck", "waiting")) {
            soon().untilAsserted(() -> assertThat(garden.condition(name)).isEqualTo("False Pending"));
            soon().untilAsserted(() -> assertThat(ports(cluster, name)).isEqualTo("8132"));
        }
        assertThat(cluster.kubectl("get", "jobs", "-A", "-o", "name"))
                .as("probes that are left")
                .isEmpty();
    }

    /** The shoot's own word, stronger than the gate. */
    private static void choose(Cluster seed, String shoot, String choice) throws IOException {
        seed.kubectl(
                "annotate",
                "--overwrite",
                "shoot",
                "-n",
                Garden.NAMESPACE,
                shoot,
                "moongate.io/unified-http-proxy-port" + (choice.isEmpty() ? "-" : "=" + choice));
    }

    private void aShootThatIsNewStartsOnTheUnifiedPort(
            Cluster seed, Cluster cluster, SimulatedShoots shoots, Garden garden) throws Exception {
        addShoot(seed, shoots, garden, "late");
        soon().untilAsserted(() -> assertThat(garden.condition("late")).isEqualTo("True ComponentsUseUnifiedPort"));
        assertThat(ports(cluster, "late")).isEqualTo("8443");
    }

    private static void whatIsEditedByHandIsRepaired(Cluster cluster) throws IOException {
        cluster.kubectl("set", "image", "-n", "shoot--test--nodns", "deployment/vpn-shoot", "vpn-shoot=other");
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(cluster.kubectl(
                                "get",
                                "deployment",
                                "-n",
                                "shoot--test--nodns",
                                "vpn-shoot",
                                "-o",
                                "jsonpath={.spec.template.spec.containers[0].image}"))
                        .isEqualTo("vpn"));
    }

    /** A Deployment does not become a StatefulSet: the one goes when the other is Ready. */
    private static void highAvailabilityComesAndGoes(Cluster seed, Cluster cluster) throws IOException {
        for (String kind : List.of("statefulset", "deployment")) {
            seed.kubectl(
                    "annotate",
                    "--overwrite",
                    "shoot",
                    "-n",
                    Garden.NAMESPACE,
                    "nodns",
                    "alpha.control-plane.shoot.gardener.cloud/high-availability-vpn=" + kind.equals("statefulset"));
            soon().untilAsserted(() -> assertThat(cluster.kubectl(
                            "get", "deployments,statefulsets", "-n", "shoot--test--nodns", "-o", "name"))
                    .hasLineCount(1)
                    .contains(kind));
        }
    }

    /** Failed shoots are not tried again until somebody says so, whoever leads. */
    private void itForgetsNothingWhenItIsKilled(Cluster seed, OperatorProcess operator, Garden garden, Cluster cluster)
            throws Exception {
        operator.kill();
        operator.start();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(operator.admin().config())
                        .contains("RolloutPaused", "garden-test/refusing", "garden-test/stuck"));
        refusing.clear();
        stuck.clear();
        String held = operator.admin().config().replaceAll("(?s).*\"(retry-[0-9a-f]+)\".*", "$1");
        assertThat(operator.admin().post("/confirm/" + held).statusCode()).isEqualTo(200);
        for (String name : List.of("refusing", "stuck", "waiting")) {
            soon().untilAsserted(() -> assertThat(garden.condition(name)).isEqualTo("True ComponentsUseUnifiedPort"));
            assertThat(ports(cluster, name)).isEqualTo("8443");
        }
        assertThat(operator.admin().config()).doesNotContain("RolloutPaused", "MoveFailed");
        for (String name : List.of("refusing", "stuck", "waiting")) {
            choose(seed, name, "");
        }
    }

    /** The gate goes off, and on again while half of them are on their way back; the operator dies in between. */
    private static void offAndOnAgain(OperatorProcess operator, Garden garden, Cluster cluster) throws Exception {
        List<String> all = List.of("plain", "nodns", "ha", "late", "refusing", "stuck", "waiting");
        operator.configure(false, MANAGE);
        soon().until(() -> anyOn(cluster, all, "8132"));
        operator.kill();
        operator.configure(true, MANAGE);
        operator.start();
        for (String name : all) {
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(garden.condition(name)).isEqualTo("True ComponentsUseUnifiedPort"));
            assertThat(ports(cluster, name)).isEqualTo("8443");
        }
        operator.configure(false, MANAGE);
        for (String name : all) {
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(garden.condition(name)).isEmpty());
            assertThat(ports(cluster, name)).isEqualTo("8132");
        }
        // Later than the deadline after their last progress, which is none of this move's business.
        operator.configure(true, MANAGE);
        for (String name : all) {
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(garden.condition(name)).isEqualTo("True ComponentsUseUnifiedPort"));
        }
        assertThat(operator.admin().config()).doesNotContain("MoveFailed", "RolloutPaused");
        soon().untilAsserted(() -> assertThat(cluster.kubectl(
                        "get", "configmaps", "-n", "shoot--test--plain", "-l", "moongate.io/component", "-o", "name"))
                .as("what no pod uses any more is gone")
                .hasLineCount(2));
    }

    private static boolean anyOn(Cluster cluster, List<String> shoots, String port) throws IOException {
        for (String shoot : shoots) {
            if (ports(cluster, shoot).equals(port)) {
                return true;
            }
        }
        return false;
    }

    private static void addShoot(Cluster seed, SimulatedShoots shoots, Garden garden, String name) throws Exception {
        String id = "shoot--test--" + name;
        seed.kubectl("create", "namespace", id);
        seed.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: %1$s}
                data: {kubeconfig: %2$s}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %1$s}
                spec: {ports: [{name: kube-apiserver, port: 443}]}
                """.formatted(id, shoots.open(id)));
        seed.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %s, namespace: %s}
                spec:
                  seedName: seed-1
                  provider: {workers: [{name: w}]}
                %s
                """.formatted(
                        name,
                        Garden.NAMESPACE,
                        switch (name) {
                            case "nodns" -> "  dns: {}";
                            case "ha" ->
                                "  dns: {domain: a.example.org}\n  controlPlane: {highAvailability: {failureTolerance: {type: node}}}";
                            default -> "  dns: {domain: a.example.org}";
                        }));
        garden.patchStatus(
                name,
                "{\"technicalID\": \"" + id + "\", \"seedName\": \"seed-1\", "
                        + "\"advertisedAddresses\": [{\"name\": \"internal\", \"url\": \"https://api.example.org\"}]}");
    }

    /** Of all VPN clients that run: one number when they agree. */
    private static String ports(Cluster cluster, String shoot) throws IOException {
        String all = cluster.kubectl(
                "get",
                "pods",
                "-n",
                "shoot--test--" + shoot,
                "-l",
                "app=vpn-shoot",
                "-o",
                "jsonpath={.items[*].spec.containers[*].env[?(@.name==\"OPENVPN_PORT\")].value}");
        return String.join(" ", new TreeSet<>(List.of(all.split(" "))));
    }

    private static String proxies(Cluster cluster, String shoot) throws IOException {
        return cluster.kubectl(
                "get",
                "daemonset",
                "-n",
                "shoot--test--" + shoot,
                "apiserver-proxy",
                "-o",
                "jsonpath={.status.desiredNumberScheduled} {.status.numberReady}");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
