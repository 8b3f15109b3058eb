package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.conformance.lab.AuditLog;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GardenShoots;
import io.moongate.conformance.lab.GardenShoots.Kind;
import io.moongate.conformance.lab.Gardenlet;
import io.moongate.conformance.lab.Gardenlet.Release;
import io.moongate.conformance.lab.Helm;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Gardener seed on its way from two ports to one, and Moongate beside it, in Observe for all but the evidence: from
 * gardenlet 1.130 over 1.144 and 1.148 to 1.148 with {@code RemoveHTTPProxyLegacyPort}. Real etcd, API servers, istiod and
 * Envoy, the rights of the chart. Moongate is silent where all is well, touches nothing, and says at each stage what
 * gardenlet itself would say.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GardenerStoryTest extends WitnessScene {
    private static final int EACH = 15;
    private static final String FORGOTTEN = "forgotten";
    private static final String ASLEEP = "asleep";
    private static final String FRESH = "fresh";
    private static final String GOING = "going";
    /** Moved while the gate was on for a trial. */
    private static final List<String> TRIED = names("tried");

    private static final List<String> FIRST = List.of("first1", "first2", "first3", "ha1", "old1");
    private static final List<String> SECOND = List.of("second1", "second2", "second3", "second4");
    private Gardenlet gardenlet;
    private BesideGardenlet beside;
    private GardenShoots shoots;
    private AuditLog audit;
    private IstioSeed seed;

    private static List<String> names(String prefix) {
        return IntStream.rangeClosed(1, 10).mapToObj(i -> prefix + i).toList();
    }

    private static List<String> atLegacy() {
        return Stream.of(FIRST, SECOND, List.of(FORGOTTEN))
                .flatMap(List::stream)
                .toList();
    }

    @BeforeEach
    void besideGardenlet() throws IOException {
        ownership = "{seed: Observe, shoots: Observe, evidence: Manage}";
        window = "15s";
        audit = new AuditLog(folder.resolve("audit"), Helm.NAMESPACE);
    }

    @Test
    void fromTwoPortsToOneAndNobodyIsCutOff() throws Exception {
        try (var lab = new Cluster(folder.resolve("cluster"), audit.options());
                var upstream = Upstream.echo(lab.outsideAddress());
                var one = new OperatorProcess(folder.resolve("operator"), lab);
                var other = OperatorProcess.witness(folder.resolve("witness"), lab)) {
            of(lab, one, other);
            seed = new IstioSeed(cluster);
            garden = new Garden(cluster, Garden.Served.API_SERVER_OF_ITS_OWN);
            try (var standIn = new Gardenlet(cluster, "seed-1");
                    var all = new GardenShoots(cluster, standIn, upstream.port())) {
                gardenlet = standIn;
                shoots = all;
                beside = new BesideGardenlet(this, gardenlet, shoots, audit);
                begin();
                evidenceIsAttached();
                bothPorts();
                gateOn();
                noGate();
                nothingBlocks();
                withoutTheLegacyPort();
                nobodyWasCutOff();
            }
        }
    }

    private void begin() throws Exception {
        seedObject();
        cluster.kubectl(
                "patch",
                "seed",
                "seed-1",
                "--type=merge",
                "-p",
                "{\"spec\": {\"settings\": {\"loadBalancerServices\": {\"proxyProtocol\": {\"allowed\": true}}}}}");
        gardenlet.start(Release.BOTH_PORTS);
        for (String name : Stream.concat(TRIED.stream(), atLegacy().stream()).toList()) {
            Kind kind = name.equals("ha1") ? Kind.HA : name.equals("old1") ? Kind.OLD_ID : Kind.PLAIN;
            shoots.add(name, kind);
        }
        shoots.add(ASLEEP, Kind.HIBERNATED).add("nodeless", Kind.WORKERLESS).add(GOING, Kind.PLAIN);
        shoots.create(shoots.up().keySet().stream().map(BesideGardenlet::bare).toArray(String[]::new));
        for (String name : TRIED) {
            shoots.configure(name, Entrance.UNIFIED);
            gardenlet.reconcile(name, true);
        }
        for (String name : atLegacy()) {
            gardenlet.reconcile(name, false);
        }
        gardenlet.reconcile(ASLEEP, false);
        gardenlet.reconcile("nodeless", false);
        gardenlet.operation(GOING, "Delete", "Processing");
        installChart("Istio", "");
        configure(
                "",
                "Istio",
                "{shoot: garden-test/" + FORGOTTEN + ", owner: team-a, reason: test, expires: 2099-01-01T00:00:00Z}",
                "");
        operator.start();
        witness.start();
    }

    /** The one thing that Moongate does here: said before, confirmed, and it costs each tunnel once. */
    private void evidenceIsAttached() throws Exception {
        for (Entrance entrance : Entrance.values()) {
            soon().ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> seed.connect(entrance, "shoot--test--tried1").startsWith("HTTP/1.1 200 "));
        }
        soon().until(() -> operator.admin().config().contains("DrainHeld"));
        Lab.Ended plan = operator.plan(namespace);
        assertThat(plan.exit()).isEqualTo(2);
        assertThat(plan.output())
                .contains("create  EnvoyFilter istio-ingress/moongate-evidence", "1 writes")
                .contains("drains all tunnels on ports 8443 and 8132 of gateway istio-ingress, once");
        List<String> withTunnels = withTunnels();
        for (String name : withTunnels) {
            shoots.dialSilently(name, EACH);
        }
        String id = operator.admin().config().replaceAll("(?s).*\"(drain-[0-9a-f]+)\".*", "$1");
        assertThat(operator.admin().post("/confirm/" + id).statusCode()).isEqualTo(200);
        soon().until(() -> seed.listeners().contains("moongate-unified"));
        for (String name : withTunnels) {
            shoots.awaitEnd(name);
        }
        for (String name : withTunnels) {
            shoots.dial(name, EACH, true);
        }
    }

    private static List<String> withTunnels() {
        return Stream.of(TRIED, FIRST, SECOND, List.of(FORGOTTEN))
                .flatMap(List::stream)
                .toList();
    }

    private void bothPorts() throws Exception {
        var blockers = new TreeMap<String, String>();
        atLegacy().forEach(name -> blockers.put(name, "UsesLegacyPort"));
        blockers.put(FORGOTTEN, "GardenletRefuses");
        blockers.put(ASLEEP, "Away");
        beside.allIsWell("both ports", blockers);
        assertThat(gardenlet.refuses()).hasSize(11);
    }

    /** The gate moves who is reconciled. A shoot is created meanwhile. */
    private void gateOn() throws Exception {
        gardenlet.start(Release.GATE_ON);
        shoots.add(FRESH, Kind.PLAIN).create(FRESH);
        for (String name : FIRST) {
            move(name);
        }
        var blockers = new TreeMap<String, String>();
        SECOND.forEach(name -> blockers.put(name, "UsesLegacyPort"));
        blockers.put(FORGOTTEN, "GardenletRefuses");
        blockers.put(ASLEEP, "Away");
        blockers.put(FRESH, "NotMoved");
        beside.allIsWell("gate on", blockers);
        assertThat(gardenlet.refuses()).as("who is not picked up is not asked").hasSize(6);
    }

    /** All are reconciled, but one. */
    private void noGate() throws Exception {
        gardenlet.start(Release.NO_GATE);
        gardenlet.operation(FRESH, "Create", "Processing");
        shoots.configure(FRESH, Entrance.UNIFIED);
        shoots.dial(FRESH, EACH, false);
        for (String name : SECOND) {
            move(name);
        }
        gardenlet.reconcile(ASLEEP, true);
        var blockers = new TreeMap<>(Map.of(FORGOTTEN, "GardenletRefuses"));
        beside.allIsWell("no gate", blockers);
        assertThatThrownBy(() -> gardenlet.start(Release.WITHOUT_LEGACY_PORT))
                .as("gardenlet itself")
                .hasMessageContaining("does not start");

        Lab.Ended refused = moongate("legacy-port", "remove", "--yes");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.output())
                .contains("these need it:")
                .containsPattern("garden-test/forgotten +Active +GardenletRefuses +15 ")
                .contains("exempted, but an exemption does not count for gardenlet")
                .contains("gardenlet of seed seed-1 (v1.148.0) with RemoveHTTPProxyLegacyPort does not start: 1 shoots"
                        + " lack the constraint UsesUnifiedHTTPProxyPort\n  garden-test/forgotten\n")
                .contains("refused; nothing was changed");
    }

    private void nothingBlocks() throws Exception {
        move(FORGOTTEN);
        gardenlet.operation(FRESH, "Create", "Succeeded");
        gardenlet.reconcile(FRESH, true);
        beside.allIsWell("nothing blocks", new TreeMap<>());
        Lab.Ended check = moongate("legacy-port", "check");
        assertThat(check.exit()).isZero();
        assertThat(check.output())
                .contains("the legacy port is open on Service istio-ingress/istio-ingressgateway, port 8132")
                .contains("nothing blocks the removal of the legacy port")
                .contains("gardenlet of seed seed-1 (v1.148.0) with RemoveHTTPProxyLegacyPort starts: 22 shoots have"
                        + " the constraint, 2 are not checked");
    }

    private void withoutTheLegacyPort() throws Exception {
        var output = folder.resolve("remove.log");
        Process removal = new ProcessBuilder(
                        launcher(),
                        "legacy-port",
                        "remove",
                        "--yes",
                        "--admin",
                        "http://127.0.0.1:" + witness.admin().port())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        soon().until(() -> Files.readString(output).contains("this waits until the port is gone"));
        assertThat(output)
                .content()
                .contains("  - need the feature gate RemoveHTTPProxyLegacyPort of gardenlet of seed seed-1: gardenlet"
                        + " removes the port")
                .contains("Set the feature gate in the configuration of the gardenlet of seed-1, where it is deployed")
                .containsOnlyOnce("""

                          apiVersion: gardenlet.config.gardener.cloud/v1alpha1
                          kind: GardenletConfiguration
                          featureGates:
                            RemoveHTTPProxyLegacyPort: true

                        """.indent(0));
        assertThat(removal.isAlive()).as("it waits for gardenlet").isTrue();
        soon().until(() -> operator.admin()
                .config()
                .contains("its owner takes the port out, gardenlet with its feature gate RemoveHTTPProxyLegacyPort"));
        assertThat(shoots.up().values()).as("tunnels on 8132").allMatch(up -> up.startsWith("0/"));
        gardenlet.start(Release.WITHOUT_LEGACY_PORT);
        assertThat(removal.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(removal.exitValue()).isZero();
        assertThat(output).content().contains("the legacy port is closed");
        soon().untilAsserted(() -> assertThatThrownBy(() -> seed.connect(Entrance.LEGACY, "shoot--test--tried1"))
                .isInstanceOf(IOException.class));
        beside.allIsWell("without the legacy port", new TreeMap<>());
        assertThat(seedCondition()).startsWith("True Removed");
    }

    private void nobodyWasCutOff() throws Exception {
        assertThat(operator.isAlive() && witness.isAlive()).isTrue();
        assertThat(BesideGardenlet.problemsIn(operator.log()))
                .as("what was ever a problem: the announced drain, and the port between the decision and the gate")
                .allMatch(line -> line.matches(".*\\[(DrainHeld|OwnerMustAct)]"));
        assertThat(BesideGardenlet.problemsIn(witness.log())).isEmpty();
        shoots.hangUpAll();
        assertThat(shoots.broken()).as("tunnels, after the announced drain").isEmpty();
        System.out.println("MEASURED beside a Gardener, four stages: 300 tunnels drained once as announced, then "
                + shoots.pings() + " pings: 0 resets; " + audit.writes().size() + " writes by Moongate, "
                + gardenlet.turns() + " turns of gardenlet: 0 objects of others touched");
    }

    /** Gardenlet deploys its clients, declares, and they dial. */
    private void move(String name) throws Exception {
        shoots.configure(name, Entrance.UNIFIED);
        gardenlet.reconcile(name, true);
        shoots.dial(name, EACH, false);
    }
}
