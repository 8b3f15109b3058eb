package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.Route;
import io.moongate.plan.translate.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * All objects of a seed whose target is Istio, in the order in which they are to be applied: what opens a listener
 * before what leads clients to it (upstream's bug 13211).
 */
public final class IstioObjects {
    /** The kinds of which our objects are, with their versions. */
    public static final Map<String, String> KINDS = Map.of(
            "EnvoyFilter", "networking.istio.io/v1alpha3",
            "Gateway", "networking.istio.io/v1beta1",
            "DestinationRule", "networking.istio.io/v1beta1");

    /** What a connection may buffer in each direction. */
    public static final int BUFFER_BYTES = 32 * 1024;

    /** Label of an EnvoyFilter that adds routes; its value is the name of the one to which it adds them. */
    static final String ROUTES_OF = "moongate.io/routes-of";

    private static final String BLACKHOLE = "non-existing-blackhole.garden.svc.cluster.local";
    private static final int MAX_CONNECTIONS = 5000;

    private final Plan plan;
    private final SortedMap<String, List<Route>> shares;
    private final List<ClusterObject> objects = new ArrayList<>();

    private IstioObjects(Plan plan) {
        this.plan = plan;
        this.shares = RouteShares.of(plan.gateway());
    }

    /** Everything, in the order in which it is to be applied. */
    public static List<ClusterObject> of(Plan plan) {
        var all = new ArrayList<>(own(plan));
        plan.ingressGateways().forEach(gateway -> all.add(servicePorts(plan, gateway)));
        return all;
    }

    /** The objects that are ours alone. */
    public static List<ClusterObject> own(Plan plan) {
        return own(plan, gateway -> !plan.legacyPort().isClosed());
    }

    /** @param legacy which gateways still have the legacy listener, whatever has been decided about it */
    public static List<ClusterObject> own(Plan plan, Predicate<IngressGateway> legacy) {
        var translator = new IstioObjects(plan);
        if (!plan.ingressGateways().isEmpty()) {
            translator.destinationRules();
            for (IngressGateway gateway : plan.ingressGateways()) {
                translator.listener(gateway, Entrance.UNIFIED);
                if (legacy.test(gateway)) {
                    translator.listener(gateway, Entrance.LEGACY);
                }
            }
        }
        return translator.objects;
    }

    /** Of all ingress gateways, what is there for one entrance alone. */
    public static List<ClusterObject> listeners(Plan plan, Entrance entrance) {
        var translator = new IstioObjects(plan);
        plan.ingressGateways().forEach(gateway -> translator.listener(gateway, entrance));
        return translator.objects;
    }

    /** In groups: within one the order is of no matter, each group is to be there before the next. */
    public static List<List<ClusterObject>> groups(List<ClusterObject> own) {
        var groups = new ArrayList<List<ClusterObject>>();
        String before = "";
        for (ClusterObject object : own) {
            String group = object.kind() + routesOf(object);
            if (!group.equals(before)) {
                groups.add(new ArrayList<>());
                before = group;
            }
            groups.getLast().add(object);
        }
        return groups;
    }

    /** The filter to which this one adds routes: what becomes of that decides about this. */
    public static Optional<String> routesOf(ClusterObject object) {
        return object.tree().get("metadata") instanceof Map<?, ?> metadata
                        && metadata.get("labels") instanceof Map<?, ?> labels
                        && labels.get(ROUTES_OF) instanceof String name
                ? Optional.of(name)
                : Optional.empty();
    }

    private void listener(IngressGateway gateway, Entrance entrance) {
        Names names = Names.of(entrance);
        int port = port(plan, entrance);
        var patches = new ListenerPatches(
                entrance, port, plan.configuration().evidence().accessLogService());
        var listener = new ArrayList<Object>();
        if (gateway.proxyProtocol()) {
            objects.add(filter(gateway, names.proxyProtocol(), Map.of(), patches.proxyProtocol()));
        }
        listener.addAll(patches.http(plan.gateway().settings().keepalive()));
        var virtualHost = new VirtualHost(entrance, port);
        shares.forEach((bits, routes) -> {
            var share = virtualHost.share(routes, plan.gateway().access());
            objects.add(filter(gateway, names.share(bits), Map.of(ROUTES_OF, names.routes()), list(share)));
        });
        if (names.listener().equals(names.routes())) {
            listener.add(virtualHost.closed());
        } else {
            objects.add(filter(gateway, names.routes(), Map.of(), list(virtualHost.closed())));
        }
        objects.add(filter(gateway, names.listener(), Map.of(), listener));
        objects.add(gateway(gateway, names, port));
    }

    public static int port(Plan plan, Entrance entrance) {
        GatewaySettings settings = plan.gateway().settings();
        return settings.listeners().of(entrance).port();
    }

    private static ClusterObject filter(
            IngressGateway gateway, String name, Map<String, Object> labels, List<Object> patches) {
        var spec = map("workloadSelector", map("labels", sorted(gateway.labels())), "configPatches", patches);
        return object("EnvoyFilter", gateway.namespace(), name, labels, spec);
    }

    /** Only opens the port: the host is nobody's, the routes come from the filter. */
    private static ClusterObject gateway(IngressGateway gateway, Names names, int port) {
        return object(
                "Gateway",
                gateway.namespace(),
                names.gateway(),
                map(
                        "selector",
                        sorted(gateway.labels()),
                        "servers",
                        list(map(
                                "port",
                                map("number", port, "name", names.port(), "protocol", "HTTP"),
                                "hosts",
                                list(BLACKHOLE)))));
    }

    /** Through which clients are to come. */
    public static List<Entrance> entrances(Plan plan) {
        return plan.legacyPort().isClosed() ? List.of(Entrance.UNIFIED) : List.of(Entrance.values());
    }

    /** The ports of a Service that is somebody else's; to be opened when the listeners are there. */
    public static ClusterObject servicePorts(Plan plan, IngressGateway gateway) {
        return servicePorts(plan, gateway.namespace(), gateway.service(), entrances(plan));
    }

    public static ClusterObject servicePorts(Plan plan, String namespace, String name, List<Entrance> entrances) {
        var ports = new ArrayList<Object>();
        for (Entrance entrance : entrances) {
            int port = port(plan, entrance);
            ports.add(map("name", Names.of(entrance).port(), "port", port, "protocol", "TCP", "targetPort", port));
        }
        var metadata = map("name", name, "namespace", namespace);
        var tree = map("apiVersion", "v1", "kind", "Service", "metadata", metadata, "spec", map("ports", ports));
        return new ClusterObject("v1", "Service", namespace, name, tree);
    }

    /** A VPN server takes many long tunnels, and its payload is encrypted already. */
    private void destinationRules() {
        GatewayPlan gateway = plan.gateway();
        gateway.routes().values().stream()
                .map(Route::destination)
                .filter(d -> d.server() != Server.KUBE_APISERVER)
                .distinct()
                .sorted(java.util.Comparator.comparing(d -> d.namespace() + d.server()))
                .map(d -> object(
                        "DestinationRule",
                        d.namespace(),
                        d.server().service(),
                        map(
                                "host",
                                d.dnsName(),
                                "trafficPolicy",
                                map(
                                        "connectionPool",
                                        map(
                                                "tcp",
                                                map(
                                                        "maxConnections",
                                                        MAX_CONNECTIONS,
                                                        "tcpKeepalive",
                                                        map("time", "7200s", "interval", "75s"))),
                                        "tls",
                                        map("mode", "DISABLE")))))
                .forEach(objects::add);
    }

    private static ClusterObject object(String kind, String namespace, String name, Map<String, Object> spec) {
        return object(kind, namespace, name, Map.of(), spec);
    }

    private static ClusterObject object(
            String kind, String namespace, String name, Map<String, Object> labels, Map<String, Object> spec) {
        String apiVersion = KINDS.getOrDefault(kind, "v1");
        return Objects.own(apiVersion, kind, namespace, name, labels, map("spec", spec));
    }

    private static Map<String, Object> sorted(Map<String, String> labels) {
        return new java.util.TreeMap<>(labels);
    }
}
