package io.moongate.plan.translate.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.Route;
import io.moongate.model.plan.Upstreams;
import io.moongate.model.removal.LegacyPort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteSharesTest {
    /** etcd refuses an object of more than 1.5 MiB, and a change should cost far less than that. */
    private static final int LARGEST_OBJECT = 64 * 1024;

    private static final MoongateConfiguration DEFAULTS = ConfigurationReader.defaults();

    private static GatewayPlan shoots(int count, int ranges) {
        var routes = new HashMap<String, Route>();
        var access = new HashMap<ShootKey, List<Cidr>>();
        for (int i = 0; i < count; i++) {
            var shoot = new ShootKey("garden-p" + i % 50, "shoot" + i);
            for (Server server : List.of(Server.KUBE_APISERVER, Server.VPN)) {
                var destination = new Destination(server, "shoot--p" + i % 50 + "--shoot" + i);
                routes.put(
                        destination.headerValue(), new Route(shoot, destination, new Upstreams.Endpoints(List.of())));
            }
            if (ranges > 0) {
                access.put(
                        shoot,
                        IntStream.range(0, ranges)
                                .mapToObj(r -> Cidr.parse("10." + r / 256 + "." + r % 256 + ".0/24"))
                                .toList());
            }
        }
        return new GatewayPlan(DEFAULTS.gateway(), routes, access);
    }

    private static Map<String, ClusterObject> filters(GatewayPlan plan) {
        var ingress = new IngressGateway("istio-ingress", "istio-ingressgateway", Map.of("app", "x"), false);
        var objects =
                IstioObjects.own(new Plan(DEFAULTS, LegacyPort.Open, plan, List.of(ingress), List.of(), List.of()));
        var filters = new HashMap<String, ClusterObject>();
        objects.stream().filter(o -> o.kind().equals("EnvoyFilter")).forEach(o -> filters.put(o.name(), o));
        return filters;
    }

    @Test
    void noObjectGrowsWithTheNumberOfShoots() {
        for (int ranges : List.of(0, 40)) {
            assertThat(filters(shoots(10_000, ranges)).values())
                    .allSatisfy(o -> assertThat(Trees.json(o.tree()).length()).isLessThan(LARGEST_OBJECT));
        }
        assertThat(filters(shoots(10_000, 0))).hasSizeBetween(2 * 300, 2 * 1200);
    }

    @Test
    void oneShootIsOneFilterAndNoShootNone() {
        assertThat(filters(shoots(1, 0)).keySet())
                .containsExactlyInAnyOrder(
                        "http-proxy",
                        "http-connect-listener",
                        "reversed-vpn",
                        "http-proxy-routes-all",
                        "reversed-vpn-routes-all");
        assertThat(filters(shoots(0, 0)).keySet())
                .containsExactlyInAnyOrder("http-proxy", "http-connect-listener", "reversed-vpn");
        assertThat(filters(shoots(1, 5000))).as("one shoot is never parted").hasSize(5);
    }

    @Test
    void everyRouteIsInExactlyOneShare() {
        GatewayPlan plan = shoots(3_000, 0);
        List<Route> all =
                RouteShares.of(plan).values().stream().flatMap(List::stream).toList();
        assertThat(all)
                .hasSameSizeAs(plan.routes().values())
                .containsAll(plan.routes().values());
        assertThat(RouteShares.of(shoots(3_000, 0)).keySet())
                .as("the same each time")
                .isEqualTo(RouteShares.of(plan).keySet());
    }

    /** However many there are: its own share for each port, seldom parted in two. */
    @Test
    void oneMoreShootTouchesItsShareOnly() {
        for (int count : List.of(100, 1_000, 5_000)) {
            int most = 0;
            for (int i = 0; i < 20; i++) {
                most = Math.max(most, touched(filters(shoots(count + i, 0)), filters(shoots(count + i + 1, 0))));
            }
            assertThat(most).as("filters touched with " + count + " shoots").isBetween(2, 2 * 5);
        }
    }

    private static int touched(Map<String, ClusterObject> before, Map<String, ClusterObject> after) {
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> before.containsKey(name)
                && after.containsKey(name)
                && before.get(name).tree().equals(after.get(name).tree()));
        return names.size();
    }
}
