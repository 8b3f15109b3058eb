package io.moongate.operator.seed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.destination.Entrance;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import io.moongate.operator.seed.OthersPorts.Port;
import io.moongate.operator.testing.StubApiServer;
import io.moongate.plan.Planner;
import io.moongate.plan.translate.istio.IstioObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose the ports are, what is asked of the API server for that, and what is said when it does not answer. */
class OthersPortsTest {
    private static final String INGRESS = "istio-ingress";
    private static final Map<String, String> LABELS = Map.of("istio", "ingressgateway");

    @TempDir
    Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    private StubApiServer server;
    private List<Shoot> shoots = List.of();

    @BeforeEach
    void start() throws IOException {
        server = new StubApiServer();
        server.on("/", this::answer);
        answers.put(filtersOf(INGRESS), "{\"items\": []}");
        answers.put(filtersOf("istio-system"), "{\"items\": []}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        String answer = answers.get(path);
        StubApiServer.say(
                exchange,
                answer == null ? 403 : 200,
                answer == null ? "{\"kind\": \"Status\", \"code\": 403, \"message\": \"no right\"}" : answer);
    }

    private static String filtersOf(String namespace) {
        return "/apis/networking.istio.io/v1alpha3/namespaces/" + namespace + "/envoyfilters";
    }

    @Test
    void whereAllGatewaysAreOursNothingIsAskedFor() throws IOException {
        Plan plan = plan("Manage", LegacyPort.Open);
        OthersPorts ports = judge(plan, List.of(gateway(INGRESS, 8443), gateway(INGRESS, 8132)), List.of());
        assertThat(ports.ports()).isEmpty();
        assertThat(ports.problems()).isEmpty();
        assertThat(requests).isEmpty();
    }

    @Test
    void anothersPortIsNotWrittenAndOursIs() throws IOException {
        Plan plan = plan("Manage", LegacyPort.Open);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}, {\"port\": 8132}]}}");
        OthersPorts ports = judge(plan, List.of(gateway(INGRESS, 8132)), List.of(gateway(INGRESS, 8443)));
        assertThat(ports.ports())
                .containsExactly(new Port(plan.ingressGateways().getFirst(), Entrance.UNIFIED));
        List<ClusterObject> own = ports.withoutTheirs(plan, IstioObjects.own(plan));
        assertThat(own).extracting(ClusterObject::name).contains("http-connect").doesNotContain("http-proxy");
        assertThat(ports.problems())
                .singleElement()
                .matches(problem -> problem.code() == Problem.Code.OWNER_MUST_ACT
                        && problem.message().contains("does not serve port 8443")
                        && problem.message().contains("HTTP/1.0 is not accepted"));
    }

    /** Once it has been decided that the legacy port goes, nothing is missing at it; its owner has it as long as he likes. */
    @Test
    void anothersLegacyPortIsHisAlsoWhenItsRemovalIsDecided() throws IOException {
        Plan plan = plan("Manage", LegacyPort.Removed);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}]}}");
        OthersPorts ports = judge(plan, List.of(gateway(INGRESS, 8443)), List.of(gateway(INGRESS, 8132)));
        assertThat(ports.ports())
                .containsExactly(new Port(plan.ingressGateways().getFirst(), Entrance.LEGACY));
        assertThat(ports.problems()).isEmpty();
        assertThat(ports.advice()).isEmpty();
        assertThat(ports.servicePorts(plan, plan.ingressGateways().getFirst()))
                .hasValueSatisfying(part ->
                        assertThat(part.tree().toString()).contains("port=8443").doesNotContain("port=8132"));
    }

    /** gardenlet deletes the Gateway first, and the EnvoyFilters after it. */
    @Test
    void whatIsLeftOfAnothersLegacyPortIsNoConcernOfOurs() throws IOException {
        Plan plan = plan("Observe", LegacyPort.Removed);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}]}}");
        OthersPorts ports = judge(plan, List.of(), List.of(gateway(INGRESS, 8443)));
        List<ClusterObject> stillServed = IstioObjects.own(plan, entrance -> true);
        assertThat(stillServed).extracting(ClusterObject::name).contains("reversed-vpn");
        assertThat(ports.withoutTheirs(plan, stillServed))
                .noneMatch(object -> object.namespace().equals(INGRESS));
    }

    @Test
    void whatCannotBeReadIsNotWrittenAndNotJudged() throws IOException {
        Plan plan = plan("Manage", LegacyPort.Open);
        answers.remove(filtersOf("istio-system"));
        OthersPorts ports = judge(plan, List.of(), List.of(gateway(INGRESS, 8443)));
        assertThat(ports.ports()).extracting(Port::entrance).containsExactlyInAnyOrder(Entrance.values());
        assertThat(ports.problems())
                .singleElement()
                .matches(problem -> problem.code() == Problem.Code.WATCH_INCOMPLETE
                        && problem.message().contains("nothing of it is written")
                        && problem.message().contains("no right"));
        assertThat(ports.servicePorts(plan, plan.ingressGateways().getFirst())).isEmpty();
        assertThat(ports.withoutTheirs(plan, IstioObjects.own(plan)))
                .noneMatch(object -> object.namespace().equals(INGRESS));
    }

    @Test
    void filtersOfIstiosRootNamespaceCount() throws IOException {
        Plan plan = plan("Observe", LegacyPort.Open);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}, {\"port\": 8132}]}}");
        answers.put(filtersOf("istio-system"), """
                {"items": [{"metadata": {"name": "for-all", "namespace": "istio-system"}, "spec": {"configPatches": [
                  {"applyTo": "LISTENER", "match": {"context": "GATEWAY"}, "patch": {"operation": "REMOVE"}}]}}]}
                """);
        OthersPorts ports = judge(plan, List.of(), List.of(gateway(INGRESS, 8443), gateway(INGRESS, 8132)));
        assertThat(ports.problems())
                .hasSize(2)
                .allMatch(problem ->
                        problem.message().contains("the listener is removed by EnvoyFilter istio-system/for-all"));
    }

    @Test
    void aGatewayOfAnotherNamespaceOpensThePortWhereNoneOfOursDoes() throws IOException {
        Plan plan = plan("Manage", LegacyPort.Open);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}, {\"port\": 8132}]}}");
        List<ClusterObject> others = List.of(gateway("garden", 8443), gateway("garden", 8132));
        OthersPorts ports = judge(plan, List.of(gateway(INGRESS, 8132)), others);
        assertThat(ports.ports()).extracting(Port::entrance).containsExactly(Entrance.UNIFIED);
    }

    @Test
    void whereTheLegacyPortIsGoneShootsThatNeedItAreNamed() throws IOException {
        Plan plan = plan("Observe", LegacyPort.Open);
        answers.put(service(), "{\"spec\": {\"ports\": [{\"port\": 8443}]}}");
        OthersPorts ports = judge(plan, List.of(), List.of(gateway(INGRESS, 8443)));
        assertThat(shoots).hasSize(1);
        assertThat(ports.problems())
                .anyMatch(problem -> problem.message()
                        .contains("1 shoots do not declare that they use the unified port, as garden-foo/bar"));
    }

    private static String service() {
        return "/api/v1/namespaces/" + INGRESS + "/services/istio-ingressgateway";
    }

    private OthersPorts judge(Plan plan, List<ClusterObject> ours, List<ClusterObject> others) {
        return OthersPorts.judge(new LiveObjects(server.client(), ours, others, "istio-system"), plan, shoots);
    }

    private static ClusterObject gateway(String namespace, int port) {
        var server = Map.of("port", Map.of("number", port, "name", "a", "protocol", "HTTP"), "hosts", List.of("*"));
        return new ClusterObject(
                "networking.istio.io/v1beta1",
                "Gateway",
                namespace,
                "any-" + port,
                Map.of("spec", Map.of("selector", LABELS, "servers", List.of(server))));
    }

    private Plan plan(String ownership, LegacyPort legacyPort) throws IOException {
        Files.writeString(folder.resolve("in.yaml"), """
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                target: Istio
                ownership: {seed: %s}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: istio-ingressgateway, namespace: istio-ingress}
                spec: {selector: {istio: ingressgateway}, ports: [{name: tcp, port: 443}]}
                ---
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: bar, namespace: garden-foo}
                spec: {seedName: seed-1, provider: {workers: [{name: w}]}}
                status:
                  technicalID: shoot--foo--bar
                  seedName: seed-1
                  lastOperation: {type: Reconcile, state: Succeeded}
                  advertisedAddresses: [{name: internal, url: "https://api.bar.internal.example.org"}]
                """.formatted(ownership));
        var source = new FolderSource(folder, Map.of());
        source.look(Instant.now());
        var snapshot = source.look(Instant.now().plus(FolderSource.AT_MOST)).snapshot();
        shoots = List.copyOf(snapshot.landscape().shoots());
        return Planner.plan(
                snapshot.landscape(),
                ConfigurationReader.defaults(),
                new Planner.Inputs(FeatureGates.NONE, Optional.empty(), legacyPort));
    }
}
