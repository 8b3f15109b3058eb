package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.destination.Entrance;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The routes of one entrance: an exact look-up of the header's value in the plan's allowlist, each with its shoot's
 * access list, and a redirect for everything else. A map and no list of routes: thousands of destinations cost one
 * look-up for each CONNECT.
 */
final class VirtualHost {
    static final String RBAC = "envoy.filters.http.rbac";

    private static final String ROUTE = "type.googleapis.com/envoy.config.route.v3.Route";
    private static final String INPUT = "type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput";

    private final Entrance entrance;
    private final int port;
    private final GatewayPlan plan;

    VirtualHost(Entrance entrance, int port, GatewayPlan plan) {
        this.entrance = entrance;
        this.port = port;
        this.plan = plan;
    }

    /** Istio's own virtual host makes room for ours. */
    List<Object> patches() {
        return list(
                patch(map("portNumber", port, "vhost", map("name", "blackhole:" + port)), map("operation", "REMOVE")),
                patch(map("portNumber", port), map("operation", "ADD", "value", value())));
    }

    private static Map<String, Object> patch(Map<String, Object> routeConfiguration, Map<String, Object> patch) {
        return map(
                "applyTo",
                "VIRTUAL_HOST",
                "match",
                map("context", "GATEWAY", "routeConfiguration", routeConfiguration),
                "patch",
                patch);
    }

    private Map<String, Object> value() {
        return map(
                "name",
                Names.of(entrance).routes(),
                "domains",
                list("*"),
                "matcher",
                map(
                        "matcher_tree",
                        lookUp(":method", map("CONNECT", map("matcher", byDestination()))),
                        "on_no_match",
                        redirect()));
    }

    private Map<String, Object> byDestination() {
        return map("matcher_tree", lookUp(entrance.header(), destinations()), "on_no_match", redirect());
    }

    private static Map<String, Object> lookUp(String header, Map<String, Object> results) {
        return map(
                "input",
                map("name", header, "typed_config", map("@type", INPUT, "header_name", header)),
                "exact_match_map",
                map("map", results));
    }

    /** The API server's second name is a cluster that we never create in Istio; it is left out. */
    private Map<String, Object> destinations() {
        var destinations = new LinkedHashMap<String, Object>();
        new TreeMap<>(plan.routes()).forEach((value, route) -> {
            if (value.equals(route.destination().headerValue())) {
                destinations.put(value, action(route(value, route)));
            }
        });
        return destinations;
    }

    private Map<String, Object> route(String value, Route to) {
        var route = map(
                "@type",
                ROUTE,
                "match",
                map("connect_matcher", map()),
                "route",
                map(
                        "cluster",
                        value,
                        "timeout",
                        "0s",
                        "upgrade_configs",
                        list(map("upgrade_type", "CONNECT", "connect_config", map()))));
        List<Cidr> allowed = plan.access().get(to.shoot());
        if (allowed != null) {
            route.put("typed_per_filter_config", map(RBAC, access(allowed)));
        }
        return route;
    }

    /** By the connection's own address, PROXY header included: what a client writes into a header never counts. */
    private static Map<String, Object> access(List<Cidr> allowed) {
        List<Object> principals = allowed.stream()
                .<Object>map(range -> map(
                        "direct_remote_ip",
                        map("address_prefix", range.network().getHostAddress(), "prefix_len", range.prefix())))
                .toList();
        // A policy needs a principal: nobody is "not anybody".
        var nobody = list(map("not_id", map("any", true)));
        return map(
                "@type",
                "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute",
                "rbac",
                map(
                        "rules",
                        map(
                                "action",
                                "ALLOW",
                                "policies",
                                map(
                                        "clients",
                                        map(
                                                "permissions",
                                                list(map("any", true)),
                                                "principals",
                                                principals.isEmpty() ? nobody : principals)))));
    }

    private static Map<String, Object> redirect() {
        var redirect = map("https_redirect", true, "port_redirect", 443);
        return action(map(
                "@type",
                "type.googleapis.com/envoy.config.route.v3.RouteList",
                "routes",
                list(
                        map("match", map("connect_matcher", map()), "redirect", redirect),
                        map("match", map("prefix", "/"), "redirect", redirect))));
    }

    private static Map<String, Object> action(Map<String, Object> config) {
        return map("action", map("name", "route", "typed_config", config));
    }
}
