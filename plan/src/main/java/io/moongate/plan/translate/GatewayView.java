package io.moongate.plan.translate;

import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.net.Cidr;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Route;
import io.moongate.model.plan.Upstreams;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the gateway gets, as a tree for people and for golden files: listeners, routes by header value, access. */
public final class GatewayView {
    private GatewayView() {}

    public static Map<String, Object> of(GatewayPlan plan) {
        var routes = new LinkedHashMap<String, Object>();
        new TreeMap<>(plan.routes()).forEach((value, route) -> routes.put(value, route(route)));
        var access = new LinkedHashMap<String, Object>();
        new TreeMap<>(plan.access())
                .forEach((shoot, ranges) -> access.put(
                        shoot.toString(), ranges.stream().map(Cidr::toString).toList()));
        var listeners = plan.settings().listeners();
        return map(
                "listeners", map("unified", listener(listeners.unified()), "legacy", listener(listeners.legacy())),
                "routes", routes,
                "access", access);
    }

    private static Map<String, Object> listener(GatewaySettings.Listener listener) {
        var proxy = listener.proxyProtocol();
        return map(
                "port", listener.port(),
                "addresses", listener.addresses(),
                "proxyProtocol",
                        map(
                                "mode",
                                proxy.mode().name(),
                                "trustedCIDRs",
                                proxy.trustedCIDRs().stream()
                                        .map(Cidr::toString)
                                        .toList()));
    }

    private static Map<String, Object> route(Route route) {
        var view = map("shoot", route.shoot().toString());
        switch (route.upstreams()) {
            case Upstreams.Endpoints endpoints ->
                view.put(
                        "endpoints",
                        endpoints.all().stream().map(HostPort::toString).toList());
            case Upstreams.DnsName dns -> view.put("dns", dns.name().toString());
        }
        return view;
    }
}
