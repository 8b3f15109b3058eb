package io.moongate.plan.translate;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.GatewaySettings.Keepalive;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ApiServerProxyPlan;
import io.moongate.model.plan.GeneratedFile.Content;
import java.util.List;
import java.util.Map;

/**
 * The Envoy bootstrap of the API server proxy: TCP in on the advertised address, HTTP CONNECT out to the gateway.
 * Metrics and readiness are served on 16910; the admin endpoint itself listens on an abstract socket, because whoever
 * reaches it can stop the proxy.
 */
public final class ApiServerProxyBootstrap {
    private static final String ADMIN_SOCKET = "@apiserver-proxy-admin";
    public static final int STATUS_PORT = 16910;
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final String TYPE = "@type";
    private static final String API = "type.googleapis.com/envoy.extensions.";

    private final ApiServerProxyPlan plan;

    private ApiServerProxyBootstrap(ApiServerProxyPlan plan) {
        this.plan = plan;
    }

    static Content translate(ShootKey shoot, ApiServerProxyPlan plan) {
        return new Content.Document(
                "Written by Moongate for shoot " + shoot + "; edits are overwritten.",
                new ApiServerProxyBootstrap(plan).bootstrap());
    }

    private Map<String, Object> bootstrap() {
        return map(
                "node", map("id", "apiserver-proxy", "cluster", "apiserver-proxy"),
                "admin", map("address", map("pipe", map("path", ADMIN_SOCKET))),
                "layered_runtime", runtime(),
                "static_resources",
                        map(
                                "listeners",
                                list(tunnelListener(), statusListener()),
                                "clusters",
                                list(gatewayCluster(), adminCluster())));
    }

    /** Envoy's default of 100 is too small for the destination pattern; the connection limit protects the node. */
    private Map<String, Object> runtime() {
        return map(
                "layers",
                list(map(
                        "name",
                        "static",
                        "static_layer",
                        map(
                                "re2.max_program_size.error_level",
                                1000,
                                "envoy.resource_limits.listener.kube_apiserver.connection_limit",
                                MAX_CONNECTIONS))));
    }

    private Map<String, Object> tunnelListener() {
        return map(
                "name", "kube_apiserver",
                "address",
                        socketAddress(
                                plan.advertisedIp(), plan.destination().server().port()),
                "per_connection_buffer_limit_bytes", BUFFER_BYTES,
                "socket_options", keepaliveOptions(),
                "filter_chains",
                        list(map(
                                "filters",
                                list(filter(
                                        "envoy.filters.network.tcp_proxy",
                                        API + "filters.network.tcp_proxy.v3.TcpProxy",
                                        tcpProxy())))));
    }

    private Map<String, Object> tcpProxy() {
        return map(
                "stat_prefix", "kube_apiserver",
                "cluster", "gateway",
                // A watch may be silent for hours; keepalive finds the dead, the gateway's own limit ends the
                // forgotten.
                "idle_timeout", "86400s",
                "tunneling_config",
                        map(
                                "hostname",
                                plan.destination().dnsName() + ":"
                                        + plan.destination().server().port(),
                                "headers_to_add",
                                headers()));
    }

    /** On the legacy port both headers, as upstream's proxies send; on the unified port its own alone. */
    private List<Object> headers() {
        return plan.dial().entrance() == Entrance.LEGACY
                ? list(header(Entrance.LEGACY), header(Entrance.UNIFIED))
                : list(header(Entrance.UNIFIED));
    }

    private Map<String, Object> header(Entrance entrance) {
        return map(
                "header",
                map("key", entrance.header(), "value", plan.destination().headerValue()),
                "append_action",
                "OVERWRITE_IF_EXISTS_OR_ADD");
    }

    private Map<String, Object> gatewayCluster() {
        Keepalive keepalive = plan.keepalive();
        return map(
                "name",
                "gateway",
                "type",
                "STRICT_DNS",
                "dns_lookup_family",
                plan.dnsFamily().name(),
                "connect_timeout",
                "5s",
                "per_connection_buffer_limit_bytes",
                BUFFER_BYTES,
                "circuit_breakers",
                map(
                        "thresholds",
                        list(map(
                                "priority", "DEFAULT",
                                "max_connections", MAX_CONNECTIONS,
                                "max_pending_requests", MAX_CONNECTIONS,
                                "max_requests", MAX_CONNECTIONS))),
                "upstream_connection_options",
                map(
                        "tcp_keepalive",
                        map(
                                "keepalive_probes", keepalive.probes(),
                                "keepalive_time", keepalive.idle().toSeconds(),
                                "keepalive_interval", keepalive.interval().toSeconds())),
                "load_assignment",
                assignment(
                        "gateway", socketAddress(plan.dial().host(), plan.dial().port())));
    }

    private Map<String, Object> statusListener() {
        var routes = list(adminRoute("/metrics", "/stats/prometheus"), adminRoute("/ready", "/ready"));
        var manager = map(
                "stat_prefix", "status",
                "route_config",
                        map("virtual_hosts", list(map("name", "status", "domains", list("*"), "routes", routes))),
                "http_filters",
                        list(filter("envoy.filters.http.router", API + "filters.http.router.v3.Router", map())));
        return map(
                "name", "status",
                "address",
                        socketAddress(
                                plan.dnsFamily() == ApiServerProxyPlan.DnsFamily.V6_ONLY ? "::" : "0.0.0.0",
                                STATUS_PORT),
                "filter_chains",
                        list(map(
                                "filters",
                                list(filter(
                                        "envoy.filters.network.http_connection_manager",
                                        API + "filters.network.http_connection_manager.v3.HttpConnectionManager",
                                        manager)))));
    }

    /** Exactly these two paths: the admin endpoint behind them can do more. */
    private static Map<String, Object> adminRoute(String path, String adminPath) {
        return map(
                "match",
                        map("path", path, "headers", list(map("name", ":method", "string_match", map("exact", "GET")))),
                "route", map("cluster", "admin", "prefix_rewrite", adminPath));
    }

    private static Map<String, Object> adminCluster() {
        return map(
                "name", "admin",
                "type", "STATIC",
                "connect_timeout", "1s",
                "load_assignment", assignment("admin", map("pipe", map("path", ADMIN_SOCKET))));
    }

    /** Linux numbers: SOL_SOCKET 1, SO_KEEPALIVE 9, IPPROTO_TCP 6, TCP_KEEPIDLE 4, TCP_KEEPINTVL 5, TCP_KEEPCNT 6. */
    private List<Object> keepaliveOptions() {
        Keepalive keepalive = plan.keepalive();
        return list(
                socketOption(1, 9, 1),
                socketOption(6, 4, keepalive.idle().toSeconds()),
                socketOption(6, 5, keepalive.interval().toSeconds()),
                socketOption(6, 6, keepalive.probes()));
    }

    private static Map<String, Object> socketOption(int level, int name, long value) {
        return map("level", level, "name", name, "int_value", value, "state", "STATE_PREBIND");
    }

    private static Map<String, Object> filter(String name, String type, Map<String, Object> config) {
        var typed = map(TYPE, type);
        typed.putAll(config);
        return map("name", name, "typed_config", typed);
    }

    private static Map<String, Object> assignment(String cluster, Map<String, Object> address) {
        return map(
                "cluster_name",
                cluster,
                "endpoints",
                list(map("lb_endpoints", list(map("endpoint", map("address", address))))));
    }

    private static Map<String, Object> socketAddress(String host, int port) {
        return map("socket_address", map("address", host, "port_value", port));
    }
}
