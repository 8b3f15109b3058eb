package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code moongate operator} on real API server, istiod and Envoy; garden and seed are one cluster. */
class OperatorTest {
    private static final String MANAGE = "target: Istio\nownership: {seed: Manage}\n";
    private static final String LIVE = "shoot--test--live";
    private static final String WRITES = "moongate_operator_writes_total";

    @TempDir
    Path folder;

    private static final int PROVIDER_CONFIG_LEVELS = 2_000;

    private Garden garden;

    @Test
    void keepsASeedServingBothPortsForTheGardensShoots() throws Exception {
        try (var cluster = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(cluster.outsideAddress());
                var operator = new OperatorProcess(folder.resolve("one"), cluster);
                var second = new OperatorProcess(folder.resolve("two"), cluster)) {
            var seed = prepare(cluster, upstream.port());
            foreignGateway(cluster);
            garden.shoot("live");
            operator.configure(MANAGE);
            operator.start();
            for (Entrance entrance : Entrance.values()) {
                soon().ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> seed.connect(entrance, LIVE).startsWith("HTTP/1.1 200 "));
            }
            soon().untilAsserted(() -> assertThat(ports(cluster)).isEqualTo("443 8443 8132"));
            assertThat(operator.log())
                    .as("what a listener needs is there before it opens, and it before clients are led to it")
                    .containsSubsequence(
                            "created EnvoyFilter istio-ingress/http-proxy-routes-all",
                            "created EnvoyFilter istio-ingress/http-proxy\n",
                            "created Gateway istio-ingress/http-proxy\n",
                            "created EnvoyFilter istio-ingress/reversed-vpn-routes-all",
                            "created EnvoyFilter istio-ingress/http-connect-listener\n",
                            "created Gateway istio-ingress/http-connect\n",
                            "updated Service istio-ingress/istio-ingressgateway");
            assertThat(operator.admin().config()).contains("OwnedByAnother", "istio-foreign/http-proxy");
            assertThat(cluster.kubectl(
                            "get", "envoyfilter", "-n", "istio-foreign", "http-proxy", "-o", "jsonpath={.spec}"))
                    .as("what belongs to a resource manager")
                    .isEqualTo("{\"priority\":7}");

            var pings = new Pings(seed.tunnels(100, LIVE));
            shootsComeAndGo(cluster, seed, operator);
            repairsWhatIsEditedByHand(cluster, seed);
            writesNothingWhenNothingChanges(cluster, operator);
            anotherReplicaTakesOver(cluster, seed, operator, second);
            leavesToAnotherWhatHeInsistsOn(cluster, second);
            judgesAnothersRuleByWhatItDoes(cluster, seed, second);
            asksBeforeItDrains(cluster, second);
            assertThat(pings.end()).as("tunnels that broke or lost bytes").isEmpty();
            String held = second.admin().config().replaceAll("(?s).*\"(drain-[0-9a-f]+)\".*", "$1");
            assertThat(second.admin().post("/confirm/" + held).statusCode()).isEqualTo(200);
            soon().until(() -> filters(cluster).contains("proxy-protocol-http-proxy"));
        }
    }

    private void shootsComeAndGo(Cluster cluster, IstioSeed seed, OperatorProcess operator) throws Exception {
        for (int i = 0; i < 4; i++) {
            seed.controlPlane("shoot--test--s" + i, 0);
            garden.shoot("s" + i);
        }
        // A providerConfig deeper than JSON readers take by default costs neither its Shoot nor the watch.
        String deep = "{\"a\":".repeat(PROVIDER_CONFIG_LEVELS) + "1" + "}".repeat(PROVIDER_CONFIG_LEVELS);
        cluster.kubectl(
                "patch",
                "shoot",
                "-n",
                Garden.NAMESPACE,
                "s3",
                "--type=merge",
                "-p",
                "{\"spec\": {\"provider\": {\"infrastructureConfig\": " + deep + "}}}");
        // One that does not parse, while it is there, disturbs nobody.
        cluster.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: odd, namespace: garden-test}
                spec: {provider: {workers: [{name: w}]}}
                """);
        garden.status("odd", "kube-system");
        soon().until(() -> seed.connect(Entrance.UNIFIED, "shoot--test--s3").startsWith("HTTP/1.1 503 "));
        soon().until(() -> operator.admin().config().contains("Shoot garden-test/odd"));
        assertThat(seed.connectTo(Entrance.UNIFIED, "outbound|443||kube-apiserver.kube-system.svc.cluster.local"))
                .startsWith("HTTP/1.1 301 ");

        operator.configure(MANAGE + "gateway: {access: [{shoot: garden-test/s3, allow: [\"192.0.2.1\"]}]}\n");
        soon().until(() -> seed.connect(Entrance.LEGACY, "shoot--test--s3").startsWith("HTTP/1.1 403 "));

        cluster.kubectl("delete", "shoot", "-n", "garden-test", "s2", "odd");
        soon().until(() -> seed.connect(Entrance.UNIFIED, "shoot--test--s2").startsWith("HTTP/1.1 301 "));
        soon().untilAsserted(
                        () -> assertThat(cluster.kubectl("get", "destinationrules", "-A", "-o", "name", "--no-headers"))
                                .as("nothing is left of a shoot that is gone")
                                .hasLineCount(4));
    }

    private void repairsWhatIsEditedByHand(Cluster cluster, IstioSeed seed) throws Exception {
        cluster.kubectl(
                "patch",
                "envoyfilter",
                "-n",
                IstioSeed.INGRESS,
                "reversed-vpn-routes-all",
                "--type=json",
                "-p",
                "[{\"op\":\"remove\",\"path\":\"/spec/configPatches/0\"}]");
        soon().until(() -> cluster.kubectl(
                        "get",
                        "envoyfilter",
                        "-n",
                        IstioSeed.INGRESS,
                        "reversed-vpn-routes-all",
                        "-o",
                        "jsonpath={.spec.configPatches[*].applyTo}")
                .equals("VIRTUAL_HOST"));
        cluster.kubectl("delete", "destinationrule", "-n", LIVE, "vpn-seed-server");
        soon().until(() -> cluster.kubectl("get", "destinationrules", "-n", LIVE, "-o", "name")
                .contains("vpn-seed-server"));
        soon().until(() -> seed.connect(Entrance.LEGACY, LIVE).startsWith("HTTP/1.1 200 "));
    }

    private void writesNothingWhenNothingChanges(Cluster cluster, OperatorProcess operator) throws Exception {
        double writes = operator.admin().sum(WRITES);
        double passes = operator.admin().sum("moongate_operator_reconciles_total");
        for (int i = 0; i < 3; i++) {
            double before = operator.admin().sum("moongate_operator_reconciles_total");
            cluster.kubectl(
                    "label", "--overwrite", "envoyfilter", "-n", IstioSeed.INGRESS, "http-proxy", "touched=x" + i);
            soon().until(() -> operator.admin().sum("moongate_operator_reconciles_total") > before);
        }
        assertThat(operator.admin().sum("moongate_operator_reconciles_total")).isGreaterThan(passes + 2);
        assertThat(operator.admin().sum(WRITES)).isEqualTo(writes);
    }

    private void anotherReplicaTakesOver(
            Cluster cluster, IstioSeed seed, OperatorProcess operator, OperatorProcess second) throws Exception {
        second.configure(MANAGE);
        second.start();
        assertThat(second.admin().metric("moongate_operator_leader")).isZero();
        operator.kill();
        seed.controlPlane("shoot--test--late", 0);
        garden.shoot("late");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> seed.connect(Entrance.UNIFIED, "shoot--test--late").startsWith("HTTP/1.1 503 "));
        assertThat(second.admin().metric("moongate_operator_leader")).isEqualTo(1);
    }

    /** An owner that appears later, and applies its own version whenever it sees another. */
    private void leavesToAnotherWhatHeInsistsOn(Cluster cluster, OperatorProcess operator) throws Exception {
        String name = "shoot--test--s1";
        Runnable insist = () -> {
            try {
                cluster.applyAs("resource-manager", """
                        apiVersion: networking.istio.io/v1beta1
                        kind: DestinationRule
                        metadata: {name: vpn-seed-server, namespace: %s}
                        spec: {host: his.example.org}
                        """.formatted(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        soon().until(() -> {
            if (!host(cluster, name).equals("his.example.org")) {
                insist.run();
            }
            return operator.admin().config().contains("'resource-manager'");
        });
        double writes = operator.admin().sum(WRITES);
        insist.run();
        double passes = operator.admin().sum("moongate_operator_reconciles_total");
        cluster.kubectl("label", "--overwrite", "destinationrule", "-n", name, "vpn-seed-server", "touched=x");
        soon().until(() -> operator.admin().sum("moongate_operator_reconciles_total") > passes);
        assertThat(host(cluster, name)).isEqualTo("his.example.org");
        assertThat(operator.admin().sum(WRITES)).isEqualTo(writes);
    }

    /** As gardenlet's, which is there before the operator knows the shoot. */
    private void judgesAnothersRuleByWhatItDoes(Cluster cluster, IstioSeed seed, OperatorProcess operator)
            throws Exception {
        String theirs = "shoot--test--theirs";
        seed.controlPlane(theirs, 0);
        cluster.applyAs("gardenlet", rule(theirs, "DISABLE"));
        garden.shoot("theirs");
        soon().until(() -> seed.connect(Entrance.UNIFIED, theirs).startsWith("HTTP/1.1 503 "));
        assertThat(operator.admin().config()).doesNotContain(theirs + "/vpn-seed-server");
        cluster.applyAs("gardenlet", rule(theirs, "ISTIO_MUTUAL"));
        cluster.kubectl("label", "--overwrite", "destinationrule", "-n", LIVE, "vpn-seed-server", "touched=y");
        soon().until(() -> operator.admin().config().contains("it makes gateways speak TLS ('ISTIO_MUTUAL')"));
        assertThat(operator.admin().config()).contains(theirs + "/vpn-seed-server", "OwnedByAnother");
        cluster.kubectl("delete", "shoot", "-n", Garden.NAMESPACE, "theirs");
        soon().until(() -> !operator.admin().config().contains(theirs + "/vpn-seed-server"));
    }

    private static String rule(String namespace, String mode) {
        return """
                apiVersion: networking.istio.io/v1beta1
                kind: DestinationRule
                metadata: {name: vpn-seed-server, namespace: %1$s}
                spec:
                  host: vpn-seed-server.%1$s.svc.cluster.local
                  exportTo: ["*"]
                  trafficPolicy: {connectionPool: {tcp: {maxConnections: 5000}}, tls: {mode: %2$s}}
                """.formatted(namespace, mode);
    }

    private static String host(Cluster cluster, String namespace) throws IOException {
        return cluster.kubectl(
                "get", "destinationrule", "-n", namespace, "vpn-seed-server", "-o", "jsonpath={.spec.host}");
    }

    /** The seed's load balancers begin to send PROXY headers: that changes both listeners. */
    private void asksBeforeItDrains(Cluster cluster, OperatorProcess operator) throws Exception {
        cluster.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Seed
                metadata: {name: seed-1}
                spec: {settings: {loadBalancerServices: {proxyProtocol: {allowed: true}}}}
                """);
        soon().until(() -> operator.admin().config().contains("DrainHeld"));
        assertThat(operator.admin().config())
                .contains("drains all tunnels on port 8443 of gateway istio-ingress", "port 8132");
        assertThat(filters(cluster)).doesNotContain("proxy-protocol");
        var plan = operator.plan("default");
        assertThat(plan.output())
                .contains("create  EnvoyFilter istio-ingress/proxy-protocol-http-proxy")
                .contains("drains all tunnels on port 8443 of gateway istio-ingress")
                .doesNotContain("delete ");
        assertThat(plan.exit()).isEqualTo(2);
        assertThat(filters(cluster)).doesNotContain("proxy-protocol");
    }

    private static String filters(Cluster cluster) throws IOException {
        return cluster.kubectl("get", "envoyfilters", "-n", IstioSeed.INGRESS, "-o", "name");
    }

    @Test
    void inObserveItWritesNothingAndSaysWhatTheOwnerMustDo() throws Exception {
        try (var cluster = new Cluster(folder.resolve("cluster"));
                var operator = new OperatorProcess(folder.resolve("one"), cluster)) {
            prepare(cluster, 1);
            garden.shoot("live");
            operator.configure("target: Istio\n");
            operator.start();
            soon().until(() -> operator.admin().metric("moongate_operator_leader") == 1);
            soon().until(() -> operator.admin().config().contains("EnvoyFilter istio-ingress/http-proxy"));
            assertThat(operator.admin().config()).contains("OwnerMustAct", "Gateway istio-ingress/http-connect");
            for (int i = 0; i < 5; i++) {
                double passes = operator.admin().sum("moongate_operator_reconciles_total");
                cluster.applyAs("resource-manager", """
                        apiVersion: networking.istio.io/v1alpha3
                        kind: EnvoyFilter
                        metadata:
                          name: http-proxy
                          namespace: %s
                          labels: {app.kubernetes.io/managed-by: moongate}
                          annotations: {resources.gardener.cloud/origin: "seed:x/y"}
                        spec: {priority: %d}
                        """.formatted(IstioSeed.INGRESS, i));
                soon().until(() -> operator.admin().sum("moongate_operator_reconciles_total") > passes);
            }
            assertThat(operator.admin().sum(WRITES)).isZero();
            cluster.kubectl("delete", "envoyfilter", "-n", IstioSeed.INGRESS, "http-proxy");
            assertThat(cluster.kubectl(
                            "get", "envoyfilters,gateways.networking.istio.io,destinationrules", "-A", "-o", "name"))
                    .doesNotContain("http-proxy");
        }
    }

    private IstioSeed prepare(Cluster cluster, int port) throws IOException {
        garden = new Garden(cluster);
        var seed = new IstioSeed(cluster);
        seed.controlPlane(LIVE, port);
        return seed;
    }

    /** As Gardener's: another ingress gateway whose objects come from its resource manager. */
    private static void foreignGateway(Cluster cluster) throws IOException {
        cluster.kubectl("create", "namespace", "istio-foreign");
        cluster.apply("""
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata:
                  name: http-proxy
                  namespace: istio-foreign
                  annotations: {resources.gardener.cloud/origin: "seed:x/y"}
                spec: {priority: 7}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: istio-foreign}
                spec:
                  selector: {app: foreign}
                  ports: [{name: tcp, port: 443, targetPort: 9443}]
                """);
    }

    private static String ports(Cluster cluster) throws IOException {
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
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200));
    }
}
