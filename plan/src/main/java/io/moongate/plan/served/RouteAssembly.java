package io.moongate.plan.served;

import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The virtual hosts of one port. Where the connection manager has routes of its own, those are all: patches of the route
 * configuration reach none of them. Else they are istiod's, as patches have them: ROUTE_CONFIGURATION → for each virtual
 * host VIRTUAL_HOST, then HTTP_ROUTE → virtual hosts that are added.
 */
final class RouteAssembly {
    private static final Set<String> CONFIGURATION_FIELDS = Set.of(
            "name",
            "virtual_hosts",
            "validate_clusters",
            "response_headers_to_add",
            "response_headers_to_remove",
            "ignore_port_in_host_matching",
            "max_direct_response_body_size_bytes");

    private final List<Patch> patches;
    private final String blackhole;
    private final List<Unclear> unclear = new ArrayList<>();

    private RouteAssembly(List<Patch> patches, int port) {
        this.patches = patches;
        this.blackhole = "blackhole:" + port;
    }

    /**
     * @param ofManager whether they are the connection manager's own
     * @param hosts the virtual hosts
     */
    record Result(boolean ofManager, List<Map<String, Object>> hosts, List<Unclear> unclear) {}

    /**
     * @param manager as patches have it
     * @param port as the Gateway has it
     */
    static Result of(Map<String, Object> manager, List<Patch> patches, int port) {
        if (manager.containsKey("route_config")) {
            return new Result(
                    true, ProtoTree.messages(ProtoTree.mapOf(manager, "route_config"), "virtual_hosts"), List.of());
        }
        var assembly = new RouteAssembly(patches, port);
        return new Result(false, assembly.hosts(), assembly.unclear);
    }

    private List<Map<String, Object>> hosts() {
        Map<String, Object> configuration = ProtoTree.of(Map.of(
                "virtual_hosts", List.of(Map.of("name", blackhole, "domains", List.of("*"), "routes", List.of()))));
        for (Patch patch : of("ROUTE_CONFIGURATION")) {
            if (patch.operation().equals("MERGE")) {
                Map<String, Object> value = patch.message();
                value.keySet().stream()
                        .filter(field -> !CONFIGURATION_FIELDS.contains(field))
                        .forEach(field -> unclear.add(Unclear.mayServe(
                                patch,
                                ".patch.value." + field,
                                "it is not known what the field " + Quoted.of(field)
                                        + " of all routes does to tunnels")));
                ProtoTree.merge(configuration, value);
            } else if (patch.operation().equals("MERGE_AND_REPLACE_LIST")) {
                operation(patch);
            }
        }
        var hosts = new ArrayList<Map<String, Object>>();
        for (Map<String, Object> host : ProtoTree.messages(configuration, "virtual_hosts")) {
            if (isKept(host)) {
                routes(host);
                hosts.add(host);
            }
        }
        of("VIRTUAL_HOST").stream()
                .filter(patch -> Set.of("ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER")
                        .contains(patch.operation()))
                .forEach(patch -> hosts.add(patch.message()));
        return hosts;
    }

    private boolean isKept(Map<String, Object> host) {
        for (Patch patch : of("VIRTUAL_HOST")) {
            if (!matches(patch, host)) {
                continue;
            }
            switch (patch.operation()) {
                case "REMOVE" -> {
                    return false;
                }
                case "MERGE" -> ProtoTree.merge(host, patch.message());
                case "REPLACE" -> {
                    host.clear();
                    host.putAll(patch.message());
                }
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" -> {}
                default -> operation(patch);
            }
        }
        return true;
    }

    private void routes(Map<String, Object> host) {
        List<Object> routes = ProtoTree.listOf(host, "routes");
        List<Patch> ofRoutes =
                of("HTTP_ROUTE").stream().filter(patch -> matches(patch, host)).toList();
        // What is there is changed before anything is added.
        for (Patch patch : ofRoutes) {
            if (Set.of("MERGE", "REMOVE").contains(patch.operation())) {
                Inserted.into(routes, patch, selected(patch), true, false);
            }
        }
        for (Patch patch : ofRoutes) {
            boolean selects = patch.route("vhost", "route") != null;
            switch (patch.operation()) {
                // istiod replaces no routes.
                case "MERGE", "REMOVE", "REPLACE" -> {}
                case "ADD", "INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER" ->
                    Inserted.into(routes, patch, selected(patch), selects, false);
                default -> operation(patch);
            }
        }
    }

    private static Predicate<Object> selected(Patch patch) {
        String name = LiveTree.text(patch.route("vhost", "route", "name"));
        String action = LiveTree.text(patch.route("vhost", "route", "action"));
        return route -> (name.isEmpty() || name.equals(LiveTree.text(LiveTree.at(route, "name"))))
                && (action.isEmpty()
                        || action.equals("ANY")
                        || Set.of(action, "").contains(actionOf(route)));
    }

    private static String actionOf(Object route) {
        if (LiveTree.at(route, "route") != null) {
            return "ROUTE";
        }
        if (LiveTree.at(route, "redirect") != null) {
            return "REDIRECT";
        }
        return LiveTree.at(route, "direct_response") != null ? "DIRECT_RESPONSE" : "";
    }

    private static boolean matches(Patch patch, Map<String, Object> host) {
        String name = LiveTree.text(patch.route("vhost", "name"));
        String domain = LiveTree.text(patch.route("vhost", "domainName"));
        return (name.isEmpty() || name.equals(LiveTree.text(host.get("name"))))
                && (domain.isEmpty()
                        || LiveTree.list(host.get("domains")).stream().anyMatch(domain::equals));
    }

    private void operation(Patch patch) {
        unclear.add(Unclear.mayServe(
                patch,
                ".patch.operation",
                "it is not known what " + patch.operation() + " of " + patch.applyTo() + " leads to"));
    }

    private List<Patch> of(String applyTo) {
        return patches.stream().filter(patch -> patch.applyTo().equals(applyTo)).toList();
    }
}
