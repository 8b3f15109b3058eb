package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GardenletIstio;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.JudgedCases;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Istio's objects in gardenlet's form, written by it: what they do is judged, and real istiod and Envoy do what the judge
 * says. The operator is silent where nothing is wrong, and writes nothing.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BesideGardenletTest {
    private static final String LIVE = "shoot--test--live";
    private static final String PASSES = "moongate_operator_reconciles_total";
    private static final String WRITES = "moongate_operator_writes_total";
    private static final String WRONG = "does not serve port 8443 as shoots need it: a CONNECT with the header"
            + " X-Gardener-Destination is not routed for";

    private static final String OF_ANOTHER_NAMESPACE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: another}
            ---
            apiVersion: networking.istio.io/v1beta1
            kind: Gateway
            metadata: {name: for-tls, namespace: another}
            spec:
              selector: {app: istio-ingressgateway, istio: ingressgateway}
              servers:
              - {port: {number: 8443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*"]}
            """;

    @TempDir
    Path folder;

    private Cluster cluster;
    private OperatorProcess operator;
    private Garden garden;

    @Test
    void whatWorksIsNoProblemAndWhatDoesNotIsOne() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab)) {
            cluster = lab;
            operator = one;
            var seed = new IstioSeed(cluster);
            var gardenlet = new GardenletIstio(cluster, IstioSeed.INGRESS);
            gardenlet.apply();
            garden = new Garden(cluster);
            seed.controlPlane(LIVE, upstream.port());
            garden.shoot("live");
            operator.configure("target: Istio\n");
            operator.start();
            soon().until(() -> operator.admin().metric("moongate_operator_leader") == 1);
            served(seed, Entrance.UNIFIED, "200");
            served(seed, Entrance.LEGACY, "200");

            String versions = gardenlet.versions();
            pass("first");
            soon().untilAsserted(this::nothingIsWrong);
            Lab.Ended plan = operator.plan("default", "--format", "table");
            assertThat(plan.exit()).isZero();
            assertThat(plan.output())
                    .contains("nothing would be written", "advice: port 8443", "by a pattern, not by an allowlist");
            assertThat(operator.plan("default", "--format", "json").output())
                    .contains("\"changes\" : [ ]", "\"drains\" : [ ]", "\"severity\" : \"advice\"")
                    .doesNotContain("OwnerMustAct", "OwnedByAnother");
            assertThat(operator.admin().config().replaceAll("\\s", ""))
                    .contains("\"code\":\"WeakerThanPlanned\",\"severity\":\"advice\"");
            // Gateways are watched, and the first one that counts begins a pass.
            cluster.apply(OF_ANOTHER_NAMESPACE);
            soon().until(() -> operator.admin().config().contains("the port is opened for 'HTTP, TLS'"));
            cluster.kubectl("delete", "gateways.networking.istio.io", "-n", "another", "for-tls");
            soon().until(() -> !operator.admin().config().contains("another/for-tls"));
            assertThat(gardenlet.versions()).as("objects of others").isEqualTo(versions);

            gardenlet.routeByTheWrongHeader();
            served(seed, Entrance.UNIFIED, "301");
            pass("second");
            soon().until(() -> operator.admin().config().contains(WRONG));
            assertThat(operator.admin().config()).doesNotContain("port 8132 as shoots need it");
            Lab.Ended wrong = operator.plan("default", "--format", "json");
            assertThat(wrong.output()).contains(WRONG);
            assertThat(wrong.exit()).isEqualTo(2);
            gardenlet.apply();
            served(seed, Entrance.UNIFIED, "200");
            pass("third");
            soon().untilAsserted(this::nothingIsWrong);

            gardenlet.removeLegacyPort();
            pass("fourth");
            // gardenlet has not picked up any of them.
            soon().untilAsserted(this::nothingIsWrong);
            garden.patchStatus("live", "{\"lastOperation\": {\"type\": \"Reconcile\", \"state\": \"Succeeded\"}}");
            soon().until(() -> operator.admin()
                    .config()
                    .contains("does not serve port 8132, and 1 shoots do not declare that they use the unified port"));
            everyShootDeclares();
            assertThat(operator.admin().sum(WRITES)).isZero();
        }
    }

    @Test
    @Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void portsDoWhatTheJudgeSaysOfThem() throws Exception {
        var wrong = new ArrayList<String>();
        try (var lab = new Cluster(folder.resolve("cluster"));
                var cases = new JudgedCases(lab, new IstioSeed(lab))) {
            for (Path one : JudgedCases.all()) {
                cases.check(one).ifPresent(wrong::add);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Then nobody needs the port that is gone. */
    private void everyShootDeclares() throws Exception {
        for (String shoot : List.of("live", "first", "second", "third", "fourth")) {
            garden.patchStatus(shoot, "{\"lastOperation\": {\"type\": \"Reconcile\", \"state\": \"Succeeded\"}}");
            garden.declareAsGardenlet(shoot, "Shoot uses http-proxy port 8443 for VPN");
        }
        soon().untilAsserted(() -> assertThat(operator.admin().config()).contains("\"problems\" : [ ]"));
        Lab.Ended plan = operator.plan("default", "--format", "table");
        assertThat(plan.exit()).isZero();
        assertThat(plan.output()).contains("nothing would be written");
        assertThat(operator.plan("default", "--format", "json").output())
                .contains("\"changes\" : [ ]", "\"drains\" : [ ]", "\"problems\" : [ ]");
    }

    private void nothingIsWrong() throws Exception {
        assertThat(operator.admin().config()).doesNotContain("OwnerMustAct", "OwnedByAnother", "does not serve");
    }

    /** Objects of others are not watched: a Shoot that comes begins a pass, in which they are read. */
    private void pass(String shoot) throws Exception {
        double before = operator.admin().sum(PASSES);
        garden.shoot(shoot);
        soon().until(() -> operator.admin().sum(PASSES) > before);
    }

    private static void served(IstioSeed seed, Entrance entrance, String status) {
        soon().ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(seed.connect(entrance, LIVE)).startsWith("HTTP/1.1 " + status + " "));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
    }
}
