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

    private static final String BLACKHOLE = "non-existing-blackhole.garden.svc.cluster.local";
    private static final int MAX_CONNECTIONS = 5000;

    private final Plan plan;
    private final List<ClusterObject> objects = new ArrayList<>();

    private IstioObjects(Plan plan) {
        this.plan = plan;
    }

    /** Everything, in the order in which it is to be applied. */
    public static List<ClusterObject> of(Plan plan) {
        var all = new ArrayList<>(own(plan));
        plan.ingressGateways().forEach(gateway -> all.add(servicePorts(plan, gateway)));
        return all;
    }

    /** The objects that are ours alone. */
    public static List<ClusterObject> own(Plan plan) {
        var translator = new IstioObjects(plan);
        if (!plan.ingressGateways().isEmpty()) {
            translator.destinationRules();
            plan.ingressGateways().forEach(translator::listeners);
        }
        return translator.objects;
    }

    private void listeners(IngressGateway gateway) {
        for (Entrance entrance : Entrance.values()) {
            Names names = Names.of(entrance);
            int port = port(plan, entrance);
            var patches = new ListenerPatches(port);
            var listener = new ArrayList<Object>();
            if (gateway.proxyProtocol()) {
                objects.add(filter(gateway, names.proxyProtocol(), patches.proxyProtocol()));
            }
            listener.addAll(patches.http(plan.gateway().settings().keepalive()));
            var routes = new VirtualHost(entrance, port, plan.gateway()).patches();
            if (names.listener().equals(names.routes())) {
                listener.addAll(routes);
            } else {
                objects.add(filter(gateway, names.routes(), routes));
            }
            objects.add(filter(gateway, names.listener(), listener));
            objects.add(gateway(gateway, names, port));
        }
    }

    public static int port(Plan plan, Entrance entrance) {
        GatewaySettings settings = plan.gateway().settings();
        return settings.listeners().of(entrance).port();
    }

    private static ClusterObject filter(IngressGateway gateway, String name, List<Object> patches) {
        return object(
                "EnvoyFilter",
                gateway.namespace(),
                name,
                map("workloadSelector", map("labels", sorted(gateway.labels())), "configPatches", patches));
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

    /** The two ports of a Service that is somebody else's; to be opened when the listeners are there. */
    public static ClusterObject servicePorts(Plan plan, IngressGateway gateway) {
        var ports = new ArrayList<Object>();
        for (Entrance entrance : Entrance.values()) {
            int port = port(plan, entrance);
            ports.add(map("name", Names.of(entrance).port(), "port", port, "protocol", "TCP", "targetPort", port));
        }
        return new ClusterObject(
                "v1",
                "Service",
                gateway.namespace(),
                gateway.service(),
                map(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        map("name", gateway.service(), "namespace", gateway.namespace()),
                        "spec",
                        map("ports", ports)));
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
        String apiVersion = KINDS.getOrDefault(kind, "v1");
        return Objects.own(apiVersion, kind, namespace, name, map("spec", spec));
    }

    private static Map<String, Object> sorted(Map<String, String> labels) {
        return new java.util.TreeMap<>(labels);
    }
}
