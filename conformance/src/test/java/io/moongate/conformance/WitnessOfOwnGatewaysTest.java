package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.conformance.lab.SeedCluster;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Evidence and removal in a cluster with {@code target: Gateway}: our gateways tell {@code moongate witness} by the wire that
 * Envoy uses, and close their listener themselves once their Service leads nobody there.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WitnessOfOwnGatewaysTest extends WitnessScene {
    @Test
    void whatOurGatewaysTellDecidesAboutThePort() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab);
                var gateway = new GatewayProcess(folder.resolve("gateway"), 0)) {
            of(lab, one, other);
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
            soon().untilAsserted(() -> assertThat(witness.admin().metric("moongate_adoption_unseen_seconds"))
                    .as("an ingress gateway that serves neither port has nothing to tell")
                    .isZero());
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
        cluster.kubectl("create", "namespace", IstioSeed.INGRESS);
        cluster.apply(IstioSeed.ingressService() + IstioSeed.endpoint("192.0.2.1"));
    }
}
