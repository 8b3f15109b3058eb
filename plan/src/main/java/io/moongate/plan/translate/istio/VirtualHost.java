package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.Route;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is merged into the virtual host that Istio makes for one entrance: an exact look-up of the header's value in the
 * plan's allowlist, each with its shoot's access list, and a redirect for everything else. A map and no list of routes:
 * thousands of destinations cost one look-up for each CONNECT, and several filters can each add their share of it.
 */
final class VirtualHost {
    static final String RBAC = "envoy.filters.http.rbac";

    private static final String ROUTE_LIST = "type.googleapis.com/envoy.config.route.v3.RouteList";
    private static final String INPUT = "type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput";

    private final Entrance entrance;
    private final int port;

    VirtualHost(Entrance entrance, int port) {
        this.entrance = entrance;
        this.port = port;
    }

    /** All are sent away: what is there before the first shoot. */
    Map<String, Object> closed() {
        // Envoy refuses an empty map. What names no destination gets what everything gets that is not in the map.
        return merge(map("none", redirect()));
    }

    /** Some of the allowlist. Complete in itself: with whatever other shares there are, it is what Envoy takes. */
    Map<String, Object> share(Collection<Route> routes, Map<ShootKey, List<Cidr>> access) {
        var destinations = new TreeMap<String, Object>();
        routes.forEach(to -> destinations.put(
                to.destination().headerValue(), tunnel(to, Optional.ofNullable(access.get(to.shoot())))));
        return merge(destinations);
    }

    private Map<String, Object> merge(Map<String, Object> destinations) {
        String header = entrance.header();
        return map(
                "applyTo",
                "VIRTUAL_HOST",
                "match",
                map(
                        "context",
                        "GATEWAY",
                        "routeConfiguration",
                        map("portNumber", port, "vhost", map("name", "blackhole:" + port))),
                "patch",
                map(
                        "operation",
                        "MERGE",
                        "value",
                        map(
                                "matcher",
                                map(
                                        "matcher_tree",
                                        map(
                                                "input",
                                                map(
                                                        "name",
                                                        header,
                                                        "typed_config",
                                                        map("@type", INPUT, "header_name", header)),
                                                "exact_match_map",
                                                map("map", destinations)),
                                        "on_no_match",
                                        redirect()))));
    }

    /** A CONNECT is let through; whatever else names a destination is sent away as if it named none. */
    private static Map<String, Object> tunnel(Route to, Optional<List<Cidr>> allowed) {
        var route = map(
                "match",
                map("connect_matcher", map()),
                "route",
                map(
                        "cluster",
                        to.destination().headerValue(),
                        "timeout",
                        "0s",
                        "upgrade_configs",
                        list(map("upgrade_type", "CONNECT", "connect_config", map()))));
        allowed.ifPresent(ranges -> route.put("typed_per_filter_config", map(RBAC, access(ranges))));
        return action(list(route, map("match", map("prefix", "/"), "redirect", toHttps())));
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
        return action(list(
                map("match", map("connect_matcher", map()), "redirect", toHttps()),
                map("match", map("prefix", "/"), "redirect", toHttps())));
    }

    private static Map<String, Object> toHttps() {
        return map("https_redirect", true, "port_redirect", 443);
    }

    private static Map<String, Object> action(List<Object> routes) {
        return map("action", map("name", "route", "typed_config", map("@type", ROUTE_LIST, "routes", routes)));
    }
}
