package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The listener of one port as istiod makes it of a Gateway's HTTP server and of patches: LISTENER → LISTENER_FILTER →
 * FILTER_CHAIN → NETWORK_FILTER, first what adds and removes, then what merges → HTTP_FILTER. Whatever is in the way and
 * is not modelled is unclear.
 */
final class ListenerAssembly {
    static final String HCM = "envoy.filters.network.http_connection_manager";
    static final String HCM_TYPE = "http_connection_manager.v3.HttpConnectionManager";
    private static final String VALUE = ".patch.value";

    private static final Set<String> LISTENER_FIELDS = Set.of(
            "per_connection_buffer_limit_bytes",
            "socket_options",
            "listener_filters",
            "access_log",
            "stat_prefix",
            "listener_filters_timeout",
            "continue_on_listener_filters_timeout",
            "connection_balance_config",
            "enable_reuse_port",
            "tcp_backlog_size",
            "tcp_fast_open_queue_length",
            "max_connections_to_accept_per_socket_event");

    private static final List<String> LISTENER_FILTERS =
            List.of(ProxyHeaders.TYPE, "tls_inspector.v3.TlsInspector", "http_inspector.v3.HttpInspector");

    private static final Set<String> CHAIN_FIELDS = Set.of("transport_socket_connect_timeout", "metadata");

    /** Of the connection manager: those that are judged, and those that do not touch whether a tunnel comes about. */
    private static final Set<String> MANAGER_FIELDS = Set.of(
            "@type",
            "http_protocol_options",
            "upgrade_configs",
            "route_config",
            "access_log",
            "access_log_options",
            "stat_prefix",
            "tracing",
            "http2_protocol_options",
            "server_name",
            "server_header_transformation",
            "use_remote_address",
            "xff_num_trusted_hops",
            "skip_xff_append",
            "via",
            "generate_request_id",
            "preserve_external_request_id",
            "always_set_request_id_in_response",
            "forward_client_cert_details",
            "set_current_client_cert_details",
            "normalize_path",
            "merge_slashes",
            "path_with_escaped_slashes_action",
            "strip_matching_host_port",
            "strip_any_host_port",
            "strip_trailing_host_dot",
            "local_reply_config",
            "drain_timeout",
            "delayed_close_timeout",
            "request_headers_timeout",
            "add_proxy_protocol_connection_state",
            "append_x_forwarded_port");

    /** Those that replace what the manager serves by something that is not modelled. */
    private static final Set<String> OTHER_ROUTES = Set.of("rds", "scoped_routes", "http_filters");

    private final List<Patch> patches;
    private final Map<String, Object> listener = ProtoTree.of(null);
    private final Map<String, Object> manager = ProtoTree.of(null);
    private final List<Unclear> unclear = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    private ListenerAssembly(List<Patch> patches) {
        this.patches = patches;
    }

    /**
     * @param listener what patches set of it, its listener filters included
     * @param manager what patches set of the HTTP connection manager
     * @param gone why there is no listener, or none that speaks HTTP
     */
    record Result(
            Map<String, Object> listener, Map<String, Object> manager, List<String> gone, List<Unclear> unclear) {}

    static Result of(List<Patch> patches) {
        var assembly = new ListenerAssembly(patches);
        assembly.listener();
        if (assembly.gone.isEmpty()) {
            assembly.listenerFilters();
            assembly.filterChain();
        }
        if (assembly.gone.isEmpty()) {
            assembly.networkFilters();
        }
        if (assembly.gone.isEmpty()) {
            assembly.connectionManager();
            assembly.httpFilters();
        }
        return new Result(assembly.listener, assembly.manager, assembly.gone, assembly.unclear);
    }

    private void listener() {
        for (Patch patch : of("LISTENER")) {
            switch (patch.operation()) {
                case "MERGE" -> {
                    Map<String, Object> value = patch.message();
                    unknown(patch, value, LISTENER_FIELDS::contains, VALUE, "of the listener");
                    ProtoTree.messages(value, "listener_filters")
                            .forEach(filter -> listenerFilter(patch, filter, VALUE + ".listener_filters"));
                    ProtoTree.merge(listener, value);
                }
                case "REMOVE" -> gone.add("the listener is removed by " + patch.filter());
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" ->
                    unclear.add(Unclear.mayServe(patch, VALUE, "it adds a listener on the port"));
                default -> operation(patch);
            }
        }
    }

    private void listenerFilters() {
        List<Object> filters = ProtoTree.listOf(listener, "listener_filters");
        for (Patch patch : of("LISTENER_FILTER")) {
            String name = LiveTree.text(patch.listener("listenerFilter"));
            if (!patch.operation().equals("REMOVE")) {
                listenerFilter(patch, patch.message(), VALUE);
            }
            if (!Inserted.into(filters, patch, filter -> named(filter, name), !name.isEmpty(), true)) {
                operation(patch);
            }
        }
    }

    private void listenerFilter(Patch patch, Map<String, Object> filter, String below) {
        Map<String, Object> config = ProtoTree.mapOf(filter, "typed_config");
        String type = ProtoTree.typeOf(config);
        if (type.isEmpty()
                ? !named(filter, ProxyHeaders.NAME)
                : LISTENER_FILTERS.stream().noneMatch(type::endsWith)) {
            unclear.add(Unclear.inTheWay(
                    patch,
                    below,
                    "it is not known what the listener filter " + Quoted.of(filter.get("name")) + " does to tunnels"));
        }
        if (filter.containsKey("filter_disabled")) {
            unclear.add(Unclear.inTheWay(patch, below + ".filter_disabled", "a listener filter is disabled sometimes"));
        }
        if (type.endsWith(ProxyHeaders.TYPE)) {
            unknown(patch, config, ProxyHeaders.FIELDS::contains, below + ".typed_config", "of the listener filter");
        }
    }

    private static boolean named(Object filter, String name) {
        return LiveTree.text(LiveTree.at(filter, "name")).equals(name);
    }

    private void filterChain() {
        for (Patch patch : of("FILTER_CHAIN")) {
            switch (patch.operation()) {
                case "MERGE" -> unknown(patch, patch.message(), CHAIN_FIELDS::contains, VALUE, "of the filter chain");
                case "REMOVE" -> gone.add("the filter chain is removed by " + patch.filter());
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" ->
                    unclear.add(Unclear.mayServe(patch, VALUE, "it adds a filter chain to the port"));
                default -> operation(patch);
            }
        }
    }

    private void networkFilters() {
        for (Patch patch : of("NETWORK_FILTER")) {
            boolean ofManager = isOfManager(patch);
            switch (patch.operation()) {
                case "MERGE" -> {}
                case "REMOVE" -> {
                    // Without the name of a filter it removes none.
                    if (patch.listener("filterChain", "filter") != null && ofManager) {
                        gone.add("the HTTP connection manager is removed by " + patch.filter());
                    }
                }
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" -> inserted(patch, "network filter");
                case "REPLACE" -> {
                    if (patch.listener("filterChain", "filter") != null && ofManager) {
                        unclear.add(Unclear.mayServe(patch, VALUE, "it replaces the HTTP connection manager"));
                    }
                }
                default -> operation(patch);
            }
        }
    }

    private static boolean isOfManager(Patch patch) {
        Object name = patch.listener("filterChain", "filter", "name");
        return patch.listener("filterChain", "filter") == null
                || LiveTree.text(name).equals(HCM);
    }

    private void inserted(Patch patch, String kind) {
        String type = ProtoTree.typeOf(LiveTree.field(patch.value(), "typed_config"));
        String name = LiveTree.text(LiveTree.at(patch.value(), "name"));
        if (type.contains(Restrictions.RBAC)) {
            return;
        }
        if (type.endsWith(HCM_TYPE)) {
            unclear.add(Unclear.mayServe(patch, VALUE, "it adds an HTTP connection manager"));
        } else {
            unclear.add(Unclear.inTheWay(
                    patch,
                    VALUE,
                    "it adds the " + kind + " " + Quoted.of(name)
                            + ", of which it is not known what it does to tunnels"));
        }
    }

    private void connectionManager() {
        for (Patch patch : of("NETWORK_FILTER")) {
            if (!patch.operation().equals("MERGE") || !isOfManager(patch)) {
                continue;
            }
            Map<String, Object> value = patch.message();
            Map<String, Object> config = ProtoTree.mapOf(value, "typed_config");
            String name = LiveTree.text(value.get("name"));
            boolean ofType = config.isEmpty() || ProtoTree.typeOf(config).endsWith(HCM_TYPE);
            if (!ofType || !(name.isEmpty() || name.equals(HCM))) {
                // istiod leaves all patches of a listener out when one of them panics.
                unclear.add(
                        Unclear.mayServe(patch, VALUE, "it merges something else into the HTTP connection manager"));
                continue;
            }
            unknown(patch, config, MANAGER_FIELDS::contains, VALUE + ".typed_config", "of the HTTP connection manager");
            ProtoTree.merge(manager, config);
        }
    }

    private void httpFilters() {
        for (Patch patch : of("HTTP_FILTER")) {
            boolean selects = patch.listener("filterChain", "filter", "subFilter") != null;
            switch (patch.operation()) {
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" -> inserted(patch, "HTTP filter");
                case "REMOVE", "REPLACE" -> {
                    if (selects) {
                        unclear.add(Unclear.inTheWay(patch, ".patch.operation", "it takes an HTTP filter away"));
                    }
                }
                case "MERGE" -> unclear.add(Unclear.inTheWay(patch, VALUE, "it changes an HTTP filter"));
                default -> operation(patch);
            }
        }
    }

    private void unknown(Patch patch, Map<String, Object> value, Predicate<String> known, String below, String ofWhat) {
        value.keySet().stream()
                .filter(field -> !known.test(field))
                .map(field -> {
                    String path = below + "." + field;
                    String what =
                            "it is not known what the field " + Quoted.of(field) + " " + ofWhat + " does to tunnels";
                    return OTHER_ROUTES.contains(field) || below.equals(VALUE)
                            ? Unclear.mayServe(patch, path, what)
                            : Unclear.inTheWay(patch, path, what);
                })
                .forEach(unclear::add);
    }

    private void operation(Patch patch) {
        unclear.add(Unclear.mayServe(
                patch,
                ".patch.operation",
                "nobody knows what " + patch.operation() + " of " + patch.applyTo() + " leads to"));
    }

    private List<Patch> of(String applyTo) {
        return patches.stream().filter(patch -> patch.applyTo().equals(applyTo)).toList();
    }
}
