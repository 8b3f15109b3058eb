package io.moongate.plan.served;

import com.google.re2j.Pattern;
import io.moongate.plan.served.Patches.Patch;
import io.moongate.plan.served.Routing.Outcome;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges a port of an ingress gateway by what its objects do: open → HTTP/1.0 and CONNECT → routed by the header → PROXY
 * headers as the load balancer sends them → access lists → the port in the Service.
 */
public final class Judge {
    /** A destination that no plan has: an allowlist refuses it, a pattern lets it through. */
    private static final String FOREIGN = "outbound|443||kube-apiserver.moongate-not-in-any-plan.svc.cluster.local";

    /** Of destinations that are not served, so many are named. */
    private static final int NAMED = 3;

    private static final String WORLD_PORTS = "networking.resources.gardener.cloud/from-world-to-ports";
    private static final String PROXY_FILTER = "envoy.filters.listener.proxy_protocol";
    private static final String RBAC = ".rbac";

    private final LiveGateway gateway;
    private final Need need;
    private final List<Patch> patches;
    private final List<String> missing = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

    private Judge(LiveGateway gateway, Need need) {
        this.gateway = gateway;
        this.need = need;
        this.patches = Patches.of(gateway, need.port()).toList();
    }

    public static Served of(LiveGateway gateway, Need need) {
        var judge = new Judge(gateway, need);
        judge.patches.stream()
                .filter(patch -> !patch.sure())
                .map(patch -> patch.filter() + " is judged as if it selected the gateway's pods, by labels that its"
                        + " Service does not have")
                .distinct()
                .forEach(judge.advice::add);
        if (!gateway.opens(need.port())) {
            return new Served(List.of("no Gateway opens the port"), List.of());
        }
        judge.port();
        judge.protocol();
        judge.routes();
        judge.proxyProtocol();
        judge.access();
        judge.service();
        return new Served(judge.missing, judge.advice);
    }

    private void port() {
        List<String> protocols = gateway.gateways().stream()
                .filter(live -> gateway.opens(live, need.port()))
                .flatMap(live -> LiveGateway.servers(live, need.port()))
                .map(server -> LiveTree.text(LiveTree.at(server, "port", "protocol")))
                .toList();
        if (protocols.stream().noneMatch(p -> p.equals("HTTP") || p.equals("HTTP2"))) {
            missing.add("the port is opened for " + String.join(", ", protocols) + ", not for HTTP");
        }
    }

    private void protocol() {
        boolean oldHttp = managers()
                .anyMatch(m ->
                        LiveTree.isTrue(LiveTree.field(LiveTree.field(m, "http_protocol_options"), "accept_http_10")));
        if (!oldHttp) {
            missing.add("HTTP/1.0 is not accepted, which OpenVPN sends");
        }
        long connects = managers()
                .flatMap(m -> LiveTree.list(LiveTree.field(m, "upgrade_configs")).stream())
                .filter(upgrade ->
                        LiveTree.text(LiveTree.field(upgrade, "upgrade_type")).equalsIgnoreCase("CONNECT"))
                .count();
        if (connects == 0) {
            missing.add("CONNECT is not accepted");
        } else if (connects > 1) {
            missing.add("CONNECT is configured " + connects + " times, which Envoy refuses");
        }
    }

    private void routes() {
        var routes = new ArrayList<Object>();
        managers().map(m -> LiveTree.field(m, "route_config")).forEach(config -> routes.addAll(routesOf(config)));
        values("ROUTE_CONFIGURATION").forEach(config -> routes.addAll(routesOf(config)));
        values("VIRTUAL_HOST").forEach(host -> routes.addAll(LiveTree.list(LiveTree.at(host, "routes"))));
        values("HTTP_ROUTE").forEach(routes::add);
        boolean matcher = values("VIRTUAL_HOST").anyMatch(host -> LiveTree.at(host, "matcher") != null);
        if (matcher) {
            advice.add("the routes are a matcher tree, which is not judged");
            return;
        }
        var routing = new Routing(need.header(), routes);
        var refused = new ArrayList<String>();
        int unclear = 0;
        for (String value : need.values()) {
            Outcome outcome = routing.of(value);
            if (outcome == Outcome.REFUSED) {
                refused.add(value);
            }
            unclear += outcome == Outcome.UNCLEAR ? 1 : 0;
        }
        if (!refused.isEmpty()) {
            missing.add("a CONNECT with the header " + need.header() + " is not routed for " + refused.size() + " of "
                    + need.values().size() + " destinations, as "
                    + String.join(", ", refused.subList(0, Math.min(NAMED, refused.size()))));
        }
        if (unclear > 0) {
            advice.add("the routes of " + unclear + " destinations cannot be judged");
        } else if (refused.isEmpty() && routing.of(FOREIGN) == Outcome.ROUTED) {
            advice.add("destinations are matched by a pattern, not by an allowlist: a client can reach"
                    + " the kube-apiserver Service of any namespace");
        }
    }

    private static List<Object> routesOf(@Nullable Object config) {
        return LiveTree.list(LiveTree.field(config, "virtual_hosts")).stream()
                .flatMap(host -> LiveTree.list(LiveTree.at(host, "routes")).stream())
                .<Object>map(route -> route)
                .toList();
    }

    private void proxyProtocol() {
        List<Object> filters = values("LISTENER")
                .flatMap(listener -> LiveTree.list(LiveTree.field(listener, "listener_filters")).stream())
                .filter(filter -> LiveTree.text(LiveTree.at(filter, "name")).equals(PROXY_FILTER))
                .<Object>map(filter -> filter)
                .toList();
        boolean optional = filters.stream()
                .anyMatch(filter -> LiveTree.isTrue(LiveTree.field(
                        LiveTree.field(filter, "typed_config"), "allow_requests_without_proxy_protocol")));
        if (need.proxyProtocol() && filters.isEmpty()) {
            missing.add("the load balancer sends PROXY headers, and no listener filter reads them");
        }
        if (!need.proxyProtocol() && !filters.isEmpty() && !optional) {
            missing.add("PROXY headers are required, and the Seed says that the load balancer sends none");
        }
    }

    private void access() {
        if (need.restricted() == 0) {
            return;
        }
        boolean rbac = patches.stream().anyMatch(patch -> names(patch.value(), RBAC));
        if (rbac) {
            advice.add("access is restricted by filters that are not judged");
        } else {
            missing.add("the plan restricts the clients of " + need.restricted() + " shoots, and no filter does");
        }
    }

    private static boolean names(@Nullable Object tree, String part) {
        return switch (tree) {
            case Map<?, ?> map ->
                LiveTree.text(map.get("name")).contains(part)
                        || LiveTree.text(map.get("@type")).contains(part)
                        || map.values().stream().anyMatch(value -> names(value, part));
            case List<?> list -> list.stream().anyMatch(value -> names(value, part));
            case null -> false;
            default -> false;
        };
    }

    private void service() {
        gateway.service().ifPresent(service -> {
            boolean leads = LiveTree.list(LiveTree.at(service, "spec", "ports")).stream()
                    .anyMatch(port -> LiveTree.isNumber(LiveTree.at(port, "port"), need.port()));
            if (!leads) {
                missing.add("the Service does not have the port");
            }
            String world = LiveTree.text(LiveTree.at(service, "metadata", "annotations", WORLD_PORTS));
            if (!world.isEmpty()
                    && !Pattern.compile("\"port\"\\s*:\\s*\"?" + need.port() + "\\b")
                            .matcher(world)
                            .find()) {
                missing.add("the Service's annotation " + WORLD_PORTS + " does not list the port, so that a"
                        + " NetworkPolicy drops its traffic");
            }
        });
    }

    /** What is merged into the HTTP connection manager. */
    private Stream<Object> managers() {
        return values("NETWORK_FILTER")
                .map(value -> LiveTree.field(value, "typed_config"))
                .flatMap(Stream::ofNullable);
    }

    private Stream<Object> values(String applyTo) {
        return patches.stream()
                .filter(patch ->
                        patch.applyTo().equals(applyTo) && !patch.operation().equals("REMOVE"))
                .flatMap(patch -> Stream.ofNullable(patch.value()));
    }
}
