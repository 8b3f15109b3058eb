package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.EvidenceSettings;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Destination;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.Route;
import io.moongate.model.plan.Upstreams;
import io.moongate.model.removal.LegacyPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DrainsTest {
    private static List<ClusterObject> objects(boolean proxyProtocol) {
        return objects(ConfigurationReader.defaults(), proxyProtocol);
    }

    private static List<ClusterObject> objects(MoongateConfiguration configuration, boolean proxyProtocol) {
        var gateway = new GatewayPlan(configuration.gateway(), Map.of(), Map.of());
        var ingress = new IngressGateway("istio-ingress", "istio-ingressgateway", Map.of("app", "x"), proxyProtocol);
        return IstioObjects.own(
                new Plan(configuration, LegacyPort.Open, gateway, List.of(ingress), List.of(), List.of()));
    }

    private static List<String> drains(List<ClusterObject> wanted, List<ClusterObject> live) {
        return Drains.of(wanted, live, Objects::equals).stream()
                .map(d -> d.what())
                .toList();
    }

    @Test
    void whatIsNewOrTheSameDrainsNothing() {
        assertThat(drains(objects(true), List.of())).isEmpty();
        assertThat(drains(objects(true), objects(true))).isEmpty();
    }

    @Test
    void halfAnInstallationIsCompletedWithoutAsking() {
        List<ClusterObject> unifiedOnly = objects(false).stream()
                .filter(o -> o.name().equals("http-proxy"))
                .toList();
        assertThat(unifiedOnly).hasSize(2);
        assertThat(drains(objects(false), unifiedOnly)).isEmpty();
    }

    @Test
    void aFilterOfAnOpenListenerThatComesOrGoesDrainsItsPort() {
        assertThat(drains(objects(true), objects(false)))
                .containsExactlyInAnyOrder(
                        "EnvoyFilter istio-ingress/proxy-protocol-http-proxy appears: drains all tunnels on port 8443 of gateway istio-ingress",
                        "EnvoyFilter istio-ingress/proxy-protocol-vpn appears: drains all tunnels on port 8132 of gateway istio-ingress");
        assertThat(drains(objects(false), objects(true))).hasSize(2).allMatch(w -> w.contains(" goes: drains"));
    }

    /** To be told of tunnels is a change of the listener: once, and both ports. */
    @Test
    void thatGatewaysTellOfTheirTunnelsDrainsOnce() {
        assertThat(drains(objects(telling(), false), objects(false)))
                .containsExactlyInAnyOrder(
                        "EnvoyFilter istio-ingress/http-proxy changes: drains all tunnels on port 8443 of gateway istio-ingress",
                        "EnvoyFilter istio-ingress/http-connect-listener changes: drains all tunnels on port 8132 of gateway istio-ingress");
        assertThat(drains(objects(telling(), false), objects(telling(), false))).isEmpty();
    }

    static MoongateConfiguration telling() {
        MoongateConfiguration defaults = ConfigurationReader.defaults();
        EvidenceSettings evidence = defaults.evidence();
        return new MoongateConfiguration(
                defaults.featureGates(),
                defaults.target(),
                defaults.input(),
                defaults.gateway(),
                defaults.istio(),
                defaults.ownership(),
                defaults.rollout(),
                defaults.components(),
                new EvidenceSettings(
                        evidence.window(),
                        evidence.retention(),
                        evidence.attach(),
                        new AccessLogServiceSettings(true, "0.0.0.0", 18001, 1, "moongate-witness.moongate-system")),
                defaults.removal(),
                defaults.dashboard(),
                defaults.admin());
    }

    /** A listener that waits must not keep new shoots waiting. */
    @Test
    void routesGoOnWhileAListenerWaits() {
        MoongateConfiguration defaults = ConfigurationReader.defaults();
        var settings = defaults.gateway();
        var slower = new GatewaySettings(
                settings.listeners(),
                settings.limits(),
                new GatewaySettings.Keepalive(Duration.ofSeconds(99), Duration.ofSeconds(55), 3),
                settings.drain(),
                settings.access());
        var destination = new Destination(Destination.Server.KUBE_APISERVER, "shoot--foo--new");
        var route = new Route(new ShootKey("garden-foo", "new"), destination, new Upstreams.Endpoints(List.of()));
        var ingress = new IngressGateway("istio-ingress", "istio-ingressgateway", Map.of("app", "x"), false);
        var plan = new GatewayPlan(slower, Map.of(destination.headerValue(), route), Map.of());
        var next = IstioObjects.own(new Plan(defaults, LegacyPort.Open, plan, List.of(ingress), List.of(), List.of()));

        var drains = Drains.of(next, objects(false), Objects::equals);
        assertThat(drains)
                .extracting(d -> d.object().name())
                .containsExactlyInAnyOrder("http-proxy", "http-connect-listener");
        assertThat(next)
                .filteredOn(o -> o.tree().toString().contains("shoot--foo--new"))
                .extracting(ClusterObject::name)
                .containsExactlyInAnyOrder("http-proxy-routes-all", "reversed-vpn-routes-all");
    }

    /** What a newer version has beside the listener comes at once, too. */
    @Test
    void aFilterKeepsItsListenerAndTakesItsNewRoutesMeanwhile() {
        ClusterObject now = filter(map("applyTo", "LISTENER", "value", "old"), map("applyTo", "VIRTUAL_HOST"));
        ClusterObject wanted =
                filter(map("applyTo", "LISTENER", "value", "new"), map("applyTo", "VIRTUAL_HOST", "value", "new"));
        List<ClusterObject> live = objects(false).stream()
                .map(o -> o.toString().equals(now.toString()) ? now : o)
                .toList();
        var drain = Drains.of(List.of(wanted), live, Objects::equals).stream()
                .filter(d -> d.object().equals(wanted))
                .findFirst()
                .orElseThrow();
        assertThat(drain.meanwhile())
                .contains(filter(
                        map("applyTo", "LISTENER", "value", "old"), map("applyTo", "VIRTUAL_HOST", "value", "new")));
    }

    private static ClusterObject filter(Map<String, Object> listener, Map<String, Object> routes) {
        listener.put("match", map("listener", map("portNumber", 8443)));
        return new ClusterObject(
                "networking.istio.io/v1alpha3",
                "EnvoyFilter",
                "istio-ingress",
                "http-proxy",
                map("spec", map("configPatches", List.of(listener, routes))));
    }
}
