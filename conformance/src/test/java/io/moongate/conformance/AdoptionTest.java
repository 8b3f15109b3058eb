package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The condition tells the truth: two real API servers, one for garden and seed, one as the shoot's. Its pods are real
 * objects; where a kubelet would act, the test sets their status.
 */
class AdoptionTest {
    private static final int OTHER_WRITES = 1000;

    @TempDir
    Path folder;

    @Test
    void theConditionFollowsWhatIsSeen() throws Exception {
        try (var cluster = new Cluster(folder.resolve("garden"));
                var shoot = new Cluster(folder.resolve("shoot"));
                var operator = new OperatorProcess(folder.resolve("operator"), cluster)) {
            var garden = new Garden(cluster);
            components(shoot);
            kubeconfig(cluster, shoot);
            garden.shoot("one");
            garden.patchStatus("one", "{\"conditions\": [{\"type\": \"APIServerAvailable\", \"status\": \"True\"}]}");
            operator.configure(false, "");
            operator.start();
            soon().until(() -> operator.admin().metric("moongate_operator_leader") == 1);
            assertThat(garden.condition("one")).as("the gate was never on").isEmpty();

            var others = new OtherWriter(cluster, "one", OtherWriter.Way.APPLY, OTHER_WRITES);
            operator.configure(true, "");
            soon().until(() -> garden.condition("one").equals("False Pending"));
            vpn(shoot, "vpn-shoot-new", 8443, "X-Gardener-Destination");
            shoot.kubectl("delete", "pod", "-n", "kube-system", "vpn-shoot-old", "--grace-period=0", "--force");
            soon().until(() -> garden.condition("one").equals("False Progressing"));
            assertThat(operator.admin().config()).contains("OwnerMustAct", "1 shoots are to use the unified port");
            proxy(shoot, "apiserver-proxy-new", "unified", false);
            shoot.kubectl("delete", "pod", "-n", "kube-system", "apiserver-proxy-old", "--grace-period=0", "--force");
            soon().until(() -> shoot.kubectl("get", "pods", "-n", "kube-system", "-o", "name")
                            .lines()
                            .count()
                    == 2);
            assertThat(garden.condition("one")).as("a pod that was never Ready").isEqualTo("False Progressing");
            stalls(garden, cluster, operator);
            isReady(shoot, "apiserver-proxy-new", true);
            soon().until(() -> garden.condition("one").equals("True ComponentsUseUnifiedPort"));
            assertThat(garden.constraint("one")).isEqualTo("True");
            assertThat(others.end())
                    .as("writes of another's condition that were lost")
                    .isZero();

            isNotReady(garden, shoot);
            drifts(garden, shoot);
            hibernates(garden);
            goesBack(garden, shoot, operator);
            assertThat(cluster.kubectl(
                            "get",
                            "events",
                            "-n",
                            Garden.NAMESPACE,
                            "-o",
                            "jsonpath={range .items[*]}{.type} {.reason}|{end}"))
                    .contains("Normal Pending|", "Normal ComponentsUseUnifiedPort|", "Warning Drifted|");
        }
    }

    /** An operator that comes back after a long while counts from what the condition says. */
    private static void stalls(Garden garden, Cluster cluster, OperatorProcess operator) throws Exception {
        operator.kill();
        String types = cluster.kubectl(
                "get", "shoot", "-n", Garden.NAMESPACE, "one", "-o", "jsonpath={.status.conditions[*].type}");
        int index = List.of(types.split(" ")).indexOf("ShootUsesUnifiedHTTPProxyPort");
        cluster.kubectl(
                "patch",
                "shoot",
                "-n",
                Garden.NAMESPACE,
                "one",
                "--subresource=status",
                "--type=json",
                "-p",
                "[{\"op\": \"replace\", \"path\": \"/status/conditions/%d/lastUpdateTime\", \"value\": \"%s\"}]"
                        .formatted(index, Instant.now().minus(Duration.ofMinutes(11))));
        operator.start();
        await().atMost(Duration.ofSeconds(90))
                .until(() -> garden.condition("one").equals("False RolloutStalled"));
    }

    private static void isNotReady(Garden garden, Cluster shoot) throws IOException {
        isReady(shoot, "vpn-shoot-new", false);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> garden.condition("one").equals("Unknown ComponentsNotReady"));
        assertThat(garden.constraint("one")).isEqualTo("True");
        isReady(shoot, "vpn-shoot-new", true);
        soon().until(() -> garden.condition("one").equals("True ComponentsUseUnifiedPort"));
    }

    private static void drifts(Garden garden, Cluster shoot) throws IOException {
        vpn(shoot, "vpn-shoot-again", 8132, "Reversed-VPN");
        await().atMost(Duration.ofSeconds(90))
                .until(() -> garden.condition("one").equals("False Drifted"));
        assertThat(garden.constraint("one")).isEmpty();
        shoot.kubectl("delete", "pod", "-n", "kube-system", "vpn-shoot-again", "--grace-period=0", "--force");
        soon().until(() -> garden.condition("one").equals("True ComponentsUseUnifiedPort"));
    }

    private static void hibernates(Garden garden) throws IOException {
        garden.patchStatus("one", "{\"hibernated\": true}");
        garden.shoot("asleep");
        garden.patchStatus("asleep", "{\"hibernated\": true}");
        soon().until(() -> garden.condition("asleep").equals("Unknown Hibernated"));
        assertThat(garden.condition("one")).isEqualTo("True ComponentsUseUnifiedPort");
        garden.patchStatus("one", "{\"hibernated\": false}");
    }

    /** Its owner deploys it: without a gate, too, the condition reports what is seen. */
    private static void goesBack(Garden garden, Cluster shoot, OperatorProcess operator) throws IOException {
        operator.configure(false, "");
        vpn(shoot, "vpn-shoot-back", 8132, "Reversed-VPN");
        soon().until(() -> garden.condition("one").equals("False Drifted"));
        assertThat(garden.constraint("one")).isEmpty();
        proxy(shoot, "apiserver-proxy-back", "legacy", true);
        shoot.kubectl(
                "delete",
                "pod",
                "-n",
                "kube-system",
                "vpn-shoot-new",
                "apiserver-proxy-new",
                "--grace-period=0",
                "--force");
        soon().until(() -> garden.condition("one").isEmpty());
    }

    private static void kubeconfig(Cluster seed, Cluster shoot) throws IOException {
        seed.kubectl("create", "namespace", "shoot--test--one");
        seed.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: shoot--test--one}
                data: {kubeconfig: %s}
                """.formatted(Base64.getEncoder().encodeToString(Files.readAllBytes(shoot.kubeconfig()))));
    }

    private static void components(Cluster shoot) throws IOException {
        shoot.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: kube-system}
                ---
                apiVersion: v1
                kind: Node
                metadata: {name: node-1}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: legacy, namespace: kube-system}
                data: {envoy.yaml: "socket_address: {address: a, port_value: 8132}"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: unified, namespace: kube-system}
                data: {envoy.yaml: "socket_address: {address: a, port_value: 8443}"}
                """);
        shoot.kubectl(
                "patch",
                "node",
                "node-1",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\", \"reason\": \"x\"}]}}");
        // What the API server says of a node without a kubelet.
        shoot.kubectl("patch", "node", "node-1", "--type=merge", "-p", "{\"spec\": {\"taints\": []}}");
        vpn(shoot, "vpn-shoot-old", 8132, "Reversed-VPN");
        proxy(shoot, "apiserver-proxy-old", "legacy", true);
    }

    private static void vpn(Cluster shoot, String name, int port, String header) throws IOException {
        shoot.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: kube-system}
                spec:
                  nodeName: node-1
                  containers:
                  - name: vpn-shoot
                    image: vpn
                    env:
                    - {name: OPENVPN_PORT, value: "%d"}
                    - {name: REVERSED_VPN_HEADER_KEY, value: %s}
                """.formatted(name, port, header));
        isReady(shoot, name, true);
    }

    private static void proxy(Cluster shoot, String name, String configuration, boolean ready) throws IOException {
        shoot.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: kube-system}
                spec:
                  nodeName: node-1
                  containers: [{name: proxy, image: envoy, volumeMounts: [{name: c, mountPath: /etc/c}]}]
                  volumes: [{name: c, configMap: {name: %s}}]
                """.formatted(name, configuration));
        isReady(shoot, name, ready);
    }

    private static void isReady(Cluster shoot, String name, boolean ready) throws IOException {
        shoot.kubectl(
                "patch",
                "pod",
                "-n",
                "kube-system",
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \""
                        + (ready ? "True" : "False") + "\", \"lastTransitionTime\": \"2026-01-01T00:00:00Z\"}]}}");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(300));
    }
}
