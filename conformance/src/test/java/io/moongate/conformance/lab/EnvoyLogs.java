package io.moongate.conformance.lab;

import io.moongate.model.destination.Entrance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The bootstrap of an Envoy that serves both ports as upstream's routes do, by {@code cluster_header}, reports its
 * tunnels to a Moongate, and writes access logs into files: Envoy's default text, Istio's default text, Istio's JSON,
 * and a format of an operator's own.
 */
public final class EnvoyLogs {
    /** An operator's own: no address of the port, no cluster. */
    public static final String OWN_FORMAT = "%START_TIME(%s.%6f)%|%REQ(:METHOD)%|%RESPONSE_CODE%|%DURATION%|"
            + "%REQ(X-GARDENER-DESTINATION)%|%REQ(REVERSED-VPN)%|%REQ(USER-AGENT)%|%STREAM_ID%|"
            + "%DOWNSTREAM_REMOTE_ADDRESS%";

    private static final String ISTIO_TEXT = "[%START_TIME%] \\\"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% "
            + "%PROTOCOL%\\\" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% "
            + "%CONNECTION_TERMINATION_DETAILS% \\\"%UPSTREAM_TRANSPORT_FAILURE_REASON%\\\" %BYTES_RECEIVED% "
            + "%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \\\"%REQ(X-FORWARDED-FOR)%\\\" "
            + "\\\"%REQ(USER-AGENT)%\\\" \\\"%REQ(X-REQUEST-ID)%\\\" \\\"%REQ(:AUTHORITY)%\\\" \\\"%UPSTREAM_HOST%\\\" "
            + "%UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% "
            + "%DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\\n";

    private static final List<String> ISTIO_JSON = List.of(
            "start_time: \"%START_TIME%\"",
            "method: \"%REQ(:METHOD)%\"",
            "response_code: \"%RESPONSE_CODE%\"",
            "response_flags: \"%RESPONSE_FLAGS%\"",
            "bytes_received: \"%BYTES_RECEIVED%\"",
            "bytes_sent: \"%BYTES_SENT%\"",
            "duration: \"%DURATION%\"",
            "user_agent: \"%REQ(USER-AGENT)%\"",
            "request_id: \"%REQ(X-REQUEST-ID)%\"",
            "authority: \"%REQ(:AUTHORITY)%\"",
            "upstream_host: \"%UPSTREAM_HOST%\"",
            "upstream_cluster: \"%UPSTREAM_CLUSTER_RAW%\"",
            "downstream_local_address: \"%DOWNSTREAM_LOCAL_ADDRESS%\"",
            "downstream_remote_address: \"%DOWNSTREAM_REMOTE_ADDRESS%\"",
            "route_name: \"%ROUTE_NAME%\"");

    private EnvoyLogs() {}

    /**
     * @param folder where {@code default.log}, {@code istio.log}, {@code istio.json} and {@code own.log} are written
     * @param values of headers that lead somewhere: to the port {@code upstream}
     */
    public static String bootstrap(
            Map<Entrance, Integer> ports, int service, Path folder, List<String> values, int upstream) {
        return """
                node: {id: envoy-1, cluster: test}
                admin: {address: {pipe: {path: "@logs-%1$d"}}}
                static_resources:
                  listeners:
                %2$s
                %3$s
                  clusters:
                %4$s
                  - name: moongate
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment: %5$s
                """.formatted(
                        service,
                        listener(Entrance.UNIFIED, ports, folder).indent(2),
                        listener(Entrance.LEGACY, ports, folder).indent(2),
                        values.stream()
                                .map(value -> "  - {name: \"%s\", load_assignment: %s}"
                                        .formatted(value, assignment(value, upstream)))
                                .collect(Collectors.joining("\n")),
                        assignment("moongate", service));
    }

    private static String assignment(String cluster, int port) {
        return ("{cluster_name: \"%s\", endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: "
                        + "{address: 127.0.0.1, port_value: %d}}}}]}]}")
                .formatted(cluster, port);
    }

    private static String listener(Entrance entrance, Map<Entrance, Integer> ports, Path folder) {
        return """
                - address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}
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
                %4$s
                        route_config:
                          virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                            - match: {connect_matcher: {}, headers: [{name: "%3$s", present_match: true}]}
                              route: {cluster_header: "%3$s", upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                            - match: {connect_matcher: {}}
                              redirect: {https_redirect: true}
                            - match: {prefix: /}
                              redirect: {https_redirect: true}
                        http_filters:
                        - name: envoy.filters.http.router
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """.formatted(
                        ports.get(entrance),
                        entrance.label(),
                        entrance.header(),
                        (file(folder.resolve("default.log"), "")
                                        + file(folder.resolve("istio.log"), text(ISTIO_TEXT))
                                        + file(
                                                folder.resolve("istio.json"),
                                                "log_format: {json_format: {" + String.join(", ", ISTIO_JSON) + "}}")
                                        + file(folder.resolve("own.log"), text(OWN_FORMAT + "\\n")))
                                .indent(8));
    }

    private static String text(String format) {
        return "log_format: {text_format_source: {inline_string: \"" + format + "\"}}";
    }

    private static String file(Path path, String format) {
        return """
                - name: envoy.access_loggers.file
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                    path: %s
                    %s
                """.formatted(path, format);
    }
}
