package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GardenletIstio;
import io.moongate.conformance.lab.IngressPod;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.conformance.lab.SeedCluster;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Evidence with one object: real istiod and Envoys, Istio's objects in gardenlet's form and written by it, our operator
 * with the rights of the chart for {@code ownership.evidence: Manage} alone.
 */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttachedEvidenceTest extends WitnessScene {
    private static final String FILTER = "EnvoyFilter istio-ingress/moongate-evidence";
    private static final String DRAIN = "drains all tunnels on ports 8443 and 8132 of gateway istio-ingress, once";
    private static final String WRITES = "moongate_operator_writes_total";
    private static final String PASSES = "moongate_operator_reconciles_total";
    private static final String REPORTS = "moongate-unified";
    private static final int TUNNELS = 20;

    private GardenletIstio gardenlet;
    private boolean hibernated;

    @BeforeEach
    void evidenceAlone() {
        ownership = "{seed: Observe, evidence: Manage}";
    }

    @Test
    void itsFilterIsAnnouncedConfirmedAndAllThatIsWritten() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            of(lab, one, other);
            var seed = new IstioSeed(cluster);
            prepare(seed, upstream.port());
            served(seed);
            String versions = gardenlet.versions();
            operator.start();
            witness.start();
            itIsAnnounced();
            long drains = seed.drains();
            List<Client> before = seed.tunnels(TUNNELS, LIVE);
            confirm();
            soon().until(() -> seed.listeners().contains(REPORTS));
            for (Client client : before) {
                assertThat(client.read(1)).as("what was announced").isEmpty();
                client.close();
            }
            assertThat(seed.drains()).as("each port, once").isEqualTo(drains + 2);

            List<Client> tunnels = seed.tunnels(TUNNELS, LIVE);
            var pings = new Pings(tunnels);
            evidenceOf(TUNNELS / 2);
            String listeners = seed.listeners();
            passes(3);
            operator.kill();
            operator.start();
            passes(1);
            leftInObserve();
            assertThat(seed.drains()).isEqualTo(drains + 2);
            assertThat(seed.listeners()).isEqualTo(listeners);
            long during = pings.count();
            assertThat(pings.end()).as("tunnels after the announced drain").isEmpty();
            assertThat(gardenlet.versions()).as("objects of others").isEqualTo(versions);
            System.out.println(
                    "MEASURED evidence filter, attached now: " + TUNNELS + " tunnels drained as announced, then "
                            + TUNNELS + " tunnels, " + during + " pings: 0 resets; 1 object written");
            whicheverFilterIsOlder(seed);
            gardenletTakesThePortAwayUnasked(seed);
            withoutAWitnessTheListenersGoOn(seed);
            whereNobodyIsToldItGoes(seed);
        }
    }

    private void itIsAnnounced() throws Exception {
        soon().until(() -> operator.admin().config().contains("DrainHeld"));
        assertThat(operator.admin().config()).contains(FILTER + " appears: " + DRAIN);
        var plan = operator.plan(namespace);
        assertThat(plan.output()).contains("create  " + FILTER).contains(FILTER + " appears: " + DRAIN);
        assertThat(plan.exit()).isEqualTo(2);
        assertThat(filter()).isEmpty();
        assertThat(operator.admin().sum(WRITES)).isZero();
    }

    /** It is left as it is; that its removal drains is said before. */
    private void leftInObserve() throws Exception {
        double writes = operator.admin().sum(WRITES);
        ownership = "{seed: Observe}";
        configure("Istio", "", "");
        soon().until(() -> operator.admin().config().contains("is left as it is"));
        assertThat(operator.admin().config()).contains(FILTER + " goes: " + DRAIN);
        assertThat(operator.plan(namespace).output()).doesNotContain("moongate-evidence\n");
        assertThat(operator.admin().sum(WRITES)).isEqualTo(writes);
        assertThat(filter()).contains(REPORTS);
        ownership = "{seed: Observe, evidence: Manage}";
        configure("Istio", "", "");
        soon().until(() -> !operator.admin().config().contains("is left as it is"));
        assertThat(operator.admin().sum(WRITES)).isEqualTo(writes);
    }

    /** gardenlet makes the one with the routes anew, and the other order leads to the same. */
    private void whicheverFilterIsOlder(SeedCluster seed) throws Exception {
        long drains = seed.drains();
        gardenlet.renew("http-proxy");
        gardenlet.renew("reversed-vpn");
        soon().until(() -> seed.drains() >= drains + 4);
        served(seed);
        assertThat(seed.listeners()).contains(REPORTS, "moongate-legacy");
        List<Client> tunnels = seed.tunnels(4, LIVE);
        evidenceOf(2);
        for (Client client : tunnels) {
            client.close();
        }
    }

    /** Of a port that no Service leads to nobody has to tell: evidence of the other one goes on. */
    private void gardenletTakesThePortAwayUnasked(SeedCluster seed) throws Exception {
        gardenlet.removeLegacyPort();
        // Its log stays connected until the gateway's next rollout.
        cluster.stop("envoy");
        cluster.resume("envoy");
        soon().ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(
                        () -> assertThat(seed.connect(Entrance.UNIFIED, LIVE)).startsWith("HTTP/1.1 200 "));
        soon().untilAsserted(() ->
                assertThat(witness.admin().get("/adoption").body()).contains("\"unseenSeconds\" : 0"));
        assertThat(moongate("legacy-port", "check").output())
                .startsWith("the legacy port is open, but no Service leads to it\n");
        gardenlet.apply();
        served(seed);
    }

    /** A listener is taken by Envoy also where nobody is there to be told. */
    private void withoutAWitnessTheListenersGoOn(SeedCluster seed) throws Exception {
        cluster.kubectl("delete", "service", "-n", namespace, "moongate-witness");
        soon().until(() -> !seed.clusters().contains("moongate-witness"));
        long drains = seed.drains();
        gardenlet.renew("http-proxy");
        soon().until(() -> seed.drains() >= drains + 2);
        served(seed);
        assertThat(seed.listeners()).contains(REPORTS);
    }

    private void whereNobodyIsToldItGoes(SeedCluster seed) throws Exception {
        operator.configureWith("""
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                target: Istio
                ownership: {evidence: Manage}
                """);
        soon().until(() -> operator.admin().config().contains("report to nobody"));
        assertThat(operator.admin().config()).contains(FILTER + " goes: " + DRAIN);
        assertThat(filter()).contains(REPORTS);
        confirm();
        soon().until(() -> filter().isEmpty());
        soon().until(() -> !seed.listeners().contains(REPORTS));
        served(seed);
    }

    @Test
    void aRolloutTakesItAndNoTunnelNotices() throws Exception {
        attach = "NextRollout";
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            of(lab, one, other);
            cluster.startIstio();
            cluster.kubectl("create", "namespace", IstioSeed.INGRESS);
            cluster.kubectl("create", "serviceaccount", "-n", IstioSeed.INGRESS, "default");
            try (var old = new IngressPod(cluster, folder.resolve("pods"), "5d9f8c7b6d")) {
                prepare(old, upstream.port());
                endpoints(old.endpoint(true, false));
                served(old);
                rollout(old);
            }
        }
    }

    private void rollout(IngressPod old) throws Exception {
        String versions = gardenlet.versions();
        operator.start();
        witness.start();
        long oldDrains = old.drains();
        var oldPings = new Pings(old.tunnels(TUNNELS, LIVE));
        passes(2);
        var plan = operator.plan(namespace);
        assertThat(plan.output())
                .contains(FILTER + " waits for the next rollout of gateway istio-ingress")
                .doesNotContain("drains all tunnels");
        assertThat(plan.exit()).isZero();
        assertThat(operator.admin().config()).doesNotContain("DrainHeld", "moongate-evidence");
        assertThat(filter()).isEmpty();

        try (var fresh = new IngressPod(cluster, folder.resolve("pods"), "74c4f9b5f8")) {
            endpoints(old.endpoint(true, false), fresh.endpoint(false, false));
            long shown = System.nanoTime();
            soon().pollInterval(Duration.ofMillis(20))
                    .until(() -> filter().contains("\"pod-template-hash\":\"74c4f9b5f8\""));
            soon().ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> fresh.listeners().contains(REPORTS));
            long taken = (System.nanoTime() - shown) / 1_000_000;
            served(fresh);
            assertThat(old.listeners()).doesNotContain(REPORTS);
            endpoints(old.endpoint(true, false), fresh.endpoint(true, false));
            long freshDrains = fresh.drains();
            var freshPings = new Pings(fresh.tunnels(TUNNELS, LIVE));
            evidenceOf(TUNNELS / 2);
            passes(2);
            assertThat(old.drains()).as("of the old pod").isEqualTo(oldDrains);
            assertThat(oldPings.end()).as("tunnels of the old pod").isEmpty();

            endpoints(old.endpoint(false, true), fresh.endpoint(true, false));
            passes(1);
            assertThat(filter()).as("the old pod is ending, with its tunnels").contains("pod-template-hash");
            String listeners = fresh.listeners();
            endpoints(fresh.endpoint(true, false));
            soon().until(() -> !filter().contains("pod-template-hash"));
            soon().until(() -> old.listeners().contains(REPORTS));
            passes(2);
            assertThat(fresh.listeners()).as("of the new pod").isEqualTo(listeners);
            assertThat(fresh.drains()).as("of the new pod").isEqualTo(freshDrains);
            long during = oldPings.count() + freshPings.count();
            assertThat(freshPings.end()).as("tunnels of the new pod").isEmpty();
            assertThat(gardenlet.versions()).as("objects of others").isEqualTo(versions);
            System.out.println("MEASURED evidence filter, next rollout: " + 2 * TUNNELS + " tunnels, " + during
                    + " pings: 0 resets; " + taken + " ms from the new pod's endpoint to its listener with the log");
            whatCameTooLateIsToldOf(old, fresh);
        }
    }

    /** Somebody deletes it, and new pods serve before it could be written. */
    private void whatCameTooLateIsToldOf(IngressPod one, IngressPod two) throws Exception {
        cluster.kubectl("delete", "envoyfilter", "-n", IstioSeed.INGRESS, "moongate-evidence");
        passes(2);
        assertThat(filter()).as("it would drain what is connected").isEmpty();
        assertThat(operator.admin().config()).doesNotContain("moongate-evidence");
        endpoints(one.endpoint(true, false), two.endpoint(true, false));
        soon().until(() -> operator.admin().config().contains("EvidenceNotAttached"));
        assertThat(operator.admin().config()).contains("came too late for the rollout that is going on");
        assertThat(filter()).isEmpty();
    }

    @Test
    void whereOurOwnListenersReportNoTunnelIsCountedTwice() throws Exception {
        ownership = "{seed: Manage, evidence: Manage}";
        try (var lab = new Cluster(folder.resolve("cluster"));
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            of(lab, one, other);
            var seed = new IstioSeed(cluster);
            prepareShoot(seed, upstream.port());
            operator.configureWith("""
                    apiVersion: config.moongate.io/v1alpha1
                    kind: MoongateConfiguration
                    target: Istio
                    ownership: {seed: Manage}
                    """);
            operator.start();
            witness.start();
            served(seed);

            configure("Istio", "", "");
            soon().until(() -> operator.admin().config().contains("EnvoyFilter istio-ingress/http-proxy changes"));
            assertThat(operator.admin().config())
                    .as("our own listeners are to report: one drain is enough")
                    .doesNotContain("moongate-evidence");
            ownership = "{seed: Observe, evidence: Manage}";
            configure("Istio", "", "");
            soon().until(() -> operator.admin().config().contains(FILTER + " appears: " + DRAIN));
            confirm();
            seenOnce(seed);

            ownership = "{seed: Manage, evidence: Manage}";
            configure("Istio", "", "");
            soon().until(() -> operator.admin().config().contains("EnvoyFilter istio-ingress/http-proxy changes"));
            assertThat(operator.admin().config())
                    .as("it stays until our own listeners report")
                    .doesNotContain("moongate-evidence");
            assertThat(filter()).contains(REPORTS);
            confirm();
            soon().until(() -> operator.admin().config().contains(FILTER + " goes: " + DRAIN));
            seenOnce(seed);
            confirm();
            soon().until(() -> filter().isEmpty());
            seenOnce(seed);
            assertThat(operator.admin().config()).doesNotContain("moongate-evidence", "DrainHeld");
        }
    }

    private void seenOnce(SeedCluster seed) throws Exception {
        soon().until(() -> seed.listeners().contains(REPORTS));
        served(seed);
        List<Client> tunnels = seed.tunnels(4, LIVE);
        evidenceOf(2);
        for (Client client : tunnels) {
            client.close();
        }
        evidenceOf(0);
    }

    private void prepare(SeedCluster seed, int upstream) throws IOException {
        gardenlet = new GardenletIstio(cluster, IstioSeed.INGRESS);
        gardenlet.apply();
        prepareShoot(seed, upstream);
    }

    private void prepareShoot(SeedCluster seed, int upstream) throws IOException {
        garden = new Garden(cluster);
        seed.controlPlane(LIVE, upstream);
        garden.shoot("live");
        seedObject();
        installChart("Istio", "");
        configure("Istio", "", "");
    }

    private static void served(SeedCluster seed) {
        for (Entrance entrance : Entrance.values()) {
            soon().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(
                            () -> assertThat(seed.connect(entrance, LIVE)).startsWith("HTTP/1.1 200 "));
        }
    }

    /** So many tunnels are up on each port, says the witness. */
    private void evidenceOf(int each) {
        soon().untilAsserted(() -> assertThat(moongate("adoption", "-o", "csv").output())
                .contains("garden-test/live,")
                .containsPattern("," + each + "," + each + ",20"));
    }

    /** So many passes are begun and ended from now on. */
    private void passes(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            double before = operator.admin().sum(PASSES);
            hibernated = !hibernated;
            garden.patchStatus("live", "{\"hibernated\": " + hibernated + "}");
            soon().until(() -> operator.admin().sum(PASSES) > before);
        }
    }

    private void confirm() throws Exception {
        String id = operator.admin().config().replaceAll("(?s).*\"(drain-[0-9a-f]+)\".*", "$1");
        assertThat(operator.admin().post("/confirm/" + id).statusCode()).isEqualTo(200);
    }

    /** Its spec; empty where there is none. */
    private String filter() throws IOException {
        return cluster.kubectl(
                "get",
                "envoyfilter",
                "-n",
                IstioSeed.INGRESS,
                "moongate-evidence",
                "--ignore-not-found",
                "-o",
                "jsonpath={.spec}");
    }

    private void endpoints(String... endpoints) throws IOException {
        cluster.apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: gateway-1, namespace: %s, labels: {kubernetes.io/service-name: istio-ingressgateway}}
                addressType: IPv4
                ports: [{name: tcp, port: 9443}]
                endpoints: [%s]
                """.formatted(IstioSeed.INGRESS, String.join(", ", endpoints)));
    }
}
