package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.GatewaySettings.Keepalive;
import io.moongate.model.destination.Entrance;
import java.util.List;
import java.util.Map;

/** Patches of a listener and its filters: constant, because each change of one of them drains every tunnel of the port. */
final class ListenerPatches {
    private static final String HCM = "envoy.filters.network.http_connection_manager";
    private static final String MANAGER =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String ROUTER = "envoy.filters.http.router";
    // Linux: level and name of SO_KEEPALIVE, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT.
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;

    /** So often Envoy tells of a tunnel that stays up. */
    private static final String TELL_EVERY = "10s";

    private final Entrance entrance;
    private final int port;
    private final AccessLogServiceSettings accessLog;

    /** @param accessLog whom to tell about tunnels, if anybody */
    ListenerPatches(Entrance entrance, int port, AccessLogServiceSettings accessLog) {
        this.entrance = entrance;
        this.port = port;
        this.accessLog = accessLog;
    }

    /** HTTP/1.0 and CONNECT, small buffers, keepalive, and the filter that access lists need. */
    List<Object> http(Keepalive keepalive) {
        return list(
                patch(
                        "LISTENER",
                        map("portNumber", port),
                        "MERGE",
                        map(
                                "per_connection_buffer_limit_bytes",
                                IstioObjects.BUFFER_BYTES,
                                "socket_options",
                                list(
                                        option(SOL_SOCKET, SO_KEEPALIVE, 1),
                                        option(
                                                IPPROTO_TCP,
                                                TCP_KEEPIDLE,
                                                keepalive.idle().toSeconds()),
                                        option(
                                                IPPROTO_TCP,
                                                TCP_KEEPINTVL,
                                                keepalive.interval().toSeconds()),
                                        option(IPPROTO_TCP, TCP_KEEPCNT, keepalive.probes())))),
                patch(
                        "NETWORK_FILTER",
                        filter(map("name", HCM)),
                        "MERGE",
                        map("name", HCM, "typed_config", connectionManager())),
                patch(
                        "HTTP_FILTER",
                        filter(map("name", HCM, "subFilter", map("name", ROUTER))),
                        "INSERT_BEFORE",
                        map(
                                "name",
                                VirtualHost.RBAC,
                                "typed_config",
                                map("@type", "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC"))));
    }

    private Map<String, Object> connectionManager() {
        var manager = map(
                "@type",
                MANAGER,
                "http_protocol_options",
                map("accept_http_10", true),
                "upgrade_configs",
                list(map("upgrade_type", "CONNECT")));
        manager.putAll(reports());
        return manager;
    }

    /** Of somebody else's listener: it reports its tunnels, and nothing else about it changes. */
    Map<String, Object> reporting() {
        var manager = map("@type", MANAGER);
        manager.putAll(reports());
        return patch("NETWORK_FILTER", filter(map("name", HCM)), "MERGE", map("name", HCM, "typed_config", manager));
    }

    private Map<String, Object> reports() {
        var fields = map();
        accessLog.host().ifPresent(host -> {
            fields.put(
                    "access_log_options",
                    map("flush_log_on_tunnel_successfully_established", true, "access_log_flush_interval", TELL_EVERY));
            fields.put("access_log", list(accessLog("outbound|" + accessLog.port() + "||" + host)));
        });
        return fields;
    }

    private Map<String, Object> accessLog(String cluster) {
        var common = map(
                "log_name",
                AccessLogServiceSettings.logName(entrance),
                "transport_api_version",
                "V3",
                "buffer_flush_interval",
                "1s",
                "grpc_service",
                map("envoy_grpc", map("cluster_name", cluster)));
        return map(
                "name",
                "envoy.access_loggers.http_grpc",
                "typed_config",
                map(
                        "@type",
                        "type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig",
                        "common_config",
                        common,
                        "additional_request_headers_to_log",
                        list(entrance.header())));
    }

    /** Upstream's bug 13832: this belongs to both ports. Requests without a header pass, as while migrating. */
    List<Object> proxyProtocol() {
        return list(patch(
                "LISTENER",
                map("portNumber", port),
                "MERGE",
                map(
                        "listener_filters",
                        list(map(
                                "name",
                                "envoy.filters.listener.proxy_protocol",
                                "typed_config",
                                map(
                                        "@type",
                                        "type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol",
                                        "allow_requests_without_proxy_protocol",
                                        true))))));
    }

    private Map<String, Object> filter(Map<String, Object> filter) {
        return map("portNumber", port, "filterChain", map("filter", filter));
    }

    private static Map<String, Object> patch(
            String applyTo, Map<String, Object> listener, String operation, Map<String, Object> value) {
        return map(
                "applyTo",
                applyTo,
                "match",
                map("context", "GATEWAY", "listener", listener),
                "patch",
                map("operation", operation, "value", value));
    }

    private static Map<String, Object> option(int level, int name, long value) {
        return map("level", level, "name", name, "int_value", value, "state", "STATE_PREBIND");
    }
}
