package io.moongate.plan.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.destination.Entrance;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Advice;
import io.moongate.model.removal.LegacyPort;
import io.moongate.plan.Planner;
import io.moongate.plan.translate.istio.IstioObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Moongate itself would write is judged as served, whoever has applied it. */
class OwnFormTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"istio-zones", "istio-kinds"})
    void isServed(String name) throws IOException {
        Plan plan = plan(name);
        assertThat(plan.ingressGateways()).isNotEmpty();
        for (IngressGateway gateway : plan.ingressGateways()) {
            for (Entrance entrance : Entrance.values()) {
                Served served = Judge.of(live(plan, gateway, o -> true), Need.of(plan, gateway, entrance));
                assertThat(served.missing()).as(gateway + " " + entrance).isEmpty();
                // Access lists are in RBAC's rules, which are not judged.
                assertThat(served.advice())
                        .as(gateway + " " + entrance)
                        .noneMatch(advice -> advice.code() == Advice.Code.WEAKER_THAN_PLANNED)
                        .hasSize(plan.gateway().access().isEmpty() ? 0 : 1);
            }
        }
    }

    @Test
    void isNotServedWithoutItsRoutes() throws IOException {
        Plan plan = plan("istio-zones");
        IngressGateway gateway = plan.ingressGateways().getFirst();
        LiveGateway live = live(plan, gateway, o -> !o.name().startsWith("http-proxy-routes-"));
        assertThat(Judge.of(live, Need.of(plan, gateway, Entrance.UNIFIED)).missing())
                .anyMatch(what -> what.contains("X-Gardener-Destination is not routed for"));
        assertThat(Judge.of(live, Need.of(plan, gateway, Entrance.LEGACY)).missing())
                .isEmpty();
    }

    private static LiveGateway live(Plan plan, IngressGateway gateway, Predicate<ClusterObject> there) {
        List<ClusterObject> objects = IstioObjects.of(plan).stream()
                .filter(o -> o.namespace().equals(gateway.namespace()) && there.test(o))
                .toList();
        Optional<Map<String, Object>> service = objects.stream()
                .filter(o -> o.kind().equals("Service"))
                .map(ClusterObject::tree)
                .findFirst();
        return new LiveGateway(
                gateway.namespace(),
                "istio-system",
                gateway.labels(),
                objects.stream().filter(o -> o.kind().equals("Gateway")).toList(),
                objects.stream().filter(o -> o.kind().equals("EnvoyFilter")).toList(),
                service);
    }

    private Plan plan(String name) throws IOException {
        Files.copy(Path.of("src/test/cases", name, "in.yaml"), folder.resolve("in.yaml"));
        var source = new FolderSource(folder, Map.of());
        source.look(Instant.now());
        var snapshot = source.look(Instant.now().plus(FolderSource.AT_MOST)).snapshot();
        return Planner.plan(
                snapshot.landscape(),
                ConfigurationReader.defaults(),
                new Planner.Inputs(FeatureGates.NONE, Optional.empty(), LegacyPort.Open));
    }
}
