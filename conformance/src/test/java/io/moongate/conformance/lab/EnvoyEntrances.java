package io.moongate.conformance.lab;

import io.moongate.model.destination.Entrance;
import java.util.Map;

/** The bootstrap of an Envoy that serves both ports, and tells about its tunnels as docs/adoption.md says. */
public final class EnvoyEntrances {
    private EnvoyEntrances() {}

    /**
     * @param accessLog the port of the access log service
     * @param upstream where all tunnels lead
     */
    public static String bootstrap(Map<Entrance, Integer> ports, int accessLog, int upstream) {
        return """
                node: {id: envoy-1, cluster: test}
                admin: {address: {pipe: {path: "@evidence-%1$d"}}}
                static_resources:
                  listeners:
                %2$s
                %3$s
                  clusters:
                  - name: upstream
                    load_assignment:
                      cluster_name: upstream
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %4$d}}}}]}]
                  - name: moongate
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment:
                      cluster_name: moongate
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}}}]}]
                """.formatted(
                        accessLog,
                        listener(Entrance.UNIFIED, ports).indent(2),
                        listener(Entrance.LEGACY, ports).indent(2),
                        upstream);
    }

    private static String listener(Entrance entrance, Map<Entrance, Integer> ports) {
        return """
                - address: {socket_address: {address: 0.0.0.0, port_value: %1$d}}
                  filter_chains:
                  - filters:
                    - name: envoy.filters.network.http_connection_manager
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: %2$s
                        upgrade_configs: [{upgrade_type: CONNECT}]
                        access_log_options: {access_log_flush_interval: 1s, flush_log_on_tunnel_successfully_established: true}
                        access_log:
                        - name: envoy.access_loggers.http_grpc
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                            common_config:
                              log_name: moongate-%2$s
                              transport_api_version: V3
                              buffer_flush_interval: 1s
                              grpc_service: {envoy_grpc: {cluster_name: moongate}}
                            additional_request_headers_to_log: ["%3$s"]
                        route_config:
                          virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                            - match: {connect_matcher: {}}
                              route: {cluster: upstream, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                            - match: {prefix: /}
                              redirect: {https_redirect: true}
                        http_filters:
                        - name: envoy.filters.http.router
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """.formatted(ports.get(entrance), entrance.label(), entrance.header());
    }
}
