package io.moongate.plan.served;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Judges a port of which is known what is for it: open → HTTP/1.0 and CONNECT → routed by the header → PROXY headers as
 * the load balancer sends them → access lists → the connection's settings.
 */
final class PortJudge {
    private static final Set<String> HTTP = Set.of("HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY");

    /** Of destinations that are not served, so many are named. */
    private static final int NAMED = 3;

    private final LiveGateway gateway;
    private final List<ClusterObject> gateways;
    private final List<Patch> patches;
    private final Need need;
    private final ListenerAssembly.Result listener;
    private final RouteAssembly.Result routes;
    private final Set<String> missing = new LinkedHashSet<>();
    private final List<Advice> advice = new ArrayList<>();

    private PortJudge(LiveGateway gateway, List<ClusterObject> gateways, List<Patch> patches, Need need) {
        this.gateway = gateway;
        this.gateways = gateways;
        this.patches = patches;
        this.need = need;
        this.listener = ListenerAssembly.of(patches);
        this.routes = RouteAssembly.of(listener.manager(), patches, need.port());
    }

    record Verdict(Set<String> missing, List<Advice> advice) {}

    /** @param gateways those that open the port */
    static Verdict of(LiveGateway gateway, List<ClusterObject> gateways, List<Patch> patches, Need need) {
        if (gateways.isEmpty()) {
            return new Verdict(Set.of("no Gateway opens the port"), List.of());
        }
        var judge = new PortJudge(gateway, gateways, patches, need);
        judge.judge();
        return new Verdict(judge.missing, judge.advice);
    }

    private void judge() {
        protocols();
        var unclear = new ArrayList<>(listener.unclear());
        unclear.addAll(routes.unclear());
        if (!missing.isEmpty()) {
            return;
        }
        missing.addAll(listener.gone());
        if (missing.isEmpty()) {
            http();
            proxyHeaders();
            access();
            edge();
        }
        if (unclear.stream().anyMatch(Unclear::mayServe)) {
            missing.clear();
        }
        unclear.forEach(what -> advice.add(what.advice()));
    }

    private List<Object> servers() {
        return gateways.stream()
                .flatMap(live -> LiveGateway.servers(live, need.port()))
                .toList();
    }

    private void protocols() {
        List<String> protocols = servers().stream()
                .map(server -> LiveTree.text(LiveTree.at(server, "port", "protocol")))
                .distinct()
                .toList();
        List<String> others = protocols.stream()
                .filter(protocol -> !HTTP.contains(protocol.toUpperCase(Locale.ROOT)))
                .toList();
        if (others.size() == protocols.size()) {
            missing.add("the port is opened for " + Quoted.of(String.join(", ", others)) + ", not for HTTP");
        } else if (!others.isEmpty()) {
            // The first one that istiod meets gets the port.
            gatewayWith(server -> others.contains(LiveTree.text(LiveTree.at(server, "port", "protocol"))))
                    .ifPresent(live -> cannotBeJudged(
                            live,
                            "spec.servers.port.protocol",
                            "the port is opened for " + Quoted.of(String.join(", ", protocols))));
        }
        gatewayWith(server -> LiveTree.at(server, "bind") != null)
                .ifPresent(
                        live -> cannotBeJudged(live, "spec.servers.bind", "the port is opened on one address alone"));
    }

    private Optional<ObjectRef> gatewayWith(Predicate<Object> server) {
        return gateways.stream()
                .filter(live -> LiveGateway.servers(live, need.port()).anyMatch(server))
                .map(live -> new ObjectRef(live.kind(), live.namespace(), live.name()))
                .findFirst();
    }

    private void cannotBeJudged(ObjectRef object, String field, String what) {
        advice.add(new Advice(Advice.Code.CANNOT_BE_JUDGED, Optional.of(object), field, what));
    }

    /** Said of the last patch that may decide about it. */
    private void cannotBeJudged(Predicate<Patch> by, String what) {
        patches.stream()
                .filter(by)
                .reduce((first, last) -> last)
                .ifPresent(patch -> cannotBeJudged(patch.filter(), patch.field(), what));
    }

    private void weaker(String what) {
        advice.add(new Advice(Advice.Code.WEAKER_THAN_PLANNED, Optional.empty(), "", what));
    }

    private void http() {
        if (!LiveTree.isTrue(LiveTree.at(listener.manager(), "http_protocol_options", "accept_http_10"))) {
            missing.add("HTTP/1.0 is not accepted, which OpenVPN sends");
        }
        List<?> connects = Routing.upgrades(listener.manager()).toList();
        if (connects.size() > 1) {
            missing.add("CONNECT is configured " + connects.size() + " times, which Envoy refuses");
        }
        boolean accepts = connects.stream().anyMatch(upgrade -> !Routing.isOff(upgrade));
        if (areRefused()) {
            return;
        }
        var routing = new Routing(need.header(), new HashSet<>(need.values()), accepts, routes.hosts());
        destinations(routing);
    }

    /** Routes of which Envoy takes none, or to which no request comes. */
    private boolean areRefused() {
        int before = missing.size();
        var domains = new HashSet<String>();
        routes.hosts().stream()
                .flatMap(host -> Routing.domains(host).stream())
                .filter(domain -> !domains.add(domain.toLowerCase(Locale.ROOT)))
                .distinct()
                .forEach(domain ->
                        missing.add("two virtual hosts are for " + Quoted.of(domain) + ", which Envoy refuses"));
        for (Map<String, Object> host : routes.hosts()) {
            if (host.get("matcher") != null
                    && !LiveTree.list(host.get("routes")).isEmpty()) {
                missing.add("virtual host " + Quoted.of(host.get("name"))
                        + " has routes and a matcher, which Envoy refuses");
            }
        }
        boolean redirected = !routes.ofManager()
                && servers().stream().anyMatch(s -> LiveTree.isTrue(LiveTree.at(s, "tls", "httpsRedirect")));
        if (redirected) {
            missing.add("a Gateway redirects all requests to HTTPS");
        }
        return missing.size() > before;
    }

    private void destinations(Routing routing) {
        var by = new EnumMap<Outcome, List<String>>(Outcome.class);
        for (String value : need.values()) {
            by.computeIfAbsent(routing.of(value, isOfApiServer(value)), o -> new ArrayList<>())
                    .add(value);
        }
        by.forEach((outcome, values) -> {
            String of = values.size() + " of " + need.values().size() + " destinations, as "
                    + String.join(", ", values.subList(0, Math.min(NAMED, values.size())));
            switch (outcome) {
                case REFUSED -> missing.add("a CONNECT with the header " + need.header() + " is not routed for " + of);
                case NOT_ACCEPTED -> missing.add("CONNECT is not accepted for " + of);
                case NOT_TERMINATED ->
                    missing.add("CONNECT is not terminated, but handed on, for " + of
                            + "; its route's upgrade_configs lack connect_config");
                case UNCLEAR ->
                    cannotBeJudged(
                            Patch::bringsRoutes, String.join(", ", routing.reasons()) + ", which decides about " + of);
                case ROUTED -> {}
            }
        });
        if (by.keySet().stream().allMatch(outcome -> outcome == Outcome.ROUTED)) {
            strangers(routing);
        }
    }

    private static boolean isOfApiServer(String value) {
        return Destination.parse(value)
                .filter(destination -> destination.server() == Server.KUBE_APISERVER)
                .isPresent();
    }

    /** An allowlist refuses what no plan has; a pattern lets some of it through. */
    private void strangers(Routing routing) {
        Strangers.to(need.values())
                .filter(stranger -> routing.of(stranger.headerValue(), false) == Outcome.ROUTED)
                .findFirst()
                .ifPresent(stranger -> {
                    boolean any = stranger.namespace().equals(Strangers.NO_SHOOT);
                    weaker("destinations are matched by a pattern, not by an allowlist: a client can reach the "
                            + stranger.server().service() + " Service of "
                            + (any ? "any namespace" : "namespaces that are in no plan, as " + stranger.namespace()));
                });
    }

    private void proxyHeaders() {
        var headers = new ProxyHeaders(listener.listener());
        if (!need.proxyProtocol()) {
            if (!headers.accept(0)) {
                missing.add("PROXY headers are required, and the Seed says that the load balancer sends none");
            }
        } else if (headers.accept(1)) {
            if (!headers.accept(0)) {
                cannotBeJudged(
                        ProxyHeaders::isSetBy,
                        "PROXY headers are required, and the Seed says that the load balancer may send them, not that it"
                                + " always does");
            }
        } else if (headers.areRead()) {
            missing.add("more than one PROXY header is required, and the load balancer sends one");
        } else if (Patches.anywhere(gateway, ProxyHeaders.TYPE)) {
            missing.add("the load balancer sends PROXY headers, and no listener filter reads them");
        } else {
            // Istio's gatewayTopology reads them on all ports, and is in no object that is read.
            advice.add(new Advice(
                    Advice.Code.CANNOT_BE_JUDGED,
                    Optional.empty(),
                    "",
                    "the load balancer may send PROXY headers, and no EnvoyFilter of the gateway reads them"));
        }
    }

    private void access() {
        Predicate<Patch> restricts = patch -> Restrictions.in(patch.value());
        if (patches.stream().anyMatch(restricts)) {
            cannotBeJudged(restricts, "it restricts who may use the port, by rules that are not judged");
        } else if (need.restricted() > 0) {
            missing.add("the plan restricts the clients of " + need.restricted() + " shoots, and no filter does");
        }
    }

    /** Load balancers drop connections that are silent too long; large buffers cost memory. */
    private void edge() {
        var edge = new EdgeSettings(listener.listener());
        edge.keepaliveSeconds()
                .ifPresentOrElse(
                        seconds -> {
                            if (seconds > need.edge().keepaliveSeconds()) {
                                weaker("the first TCP keepalive probe comes after " + seconds
                                        + " s of silence, in the plan" + " after "
                                        + need.edge().keepaliveSeconds() + " s");
                            }
                        },
                        () -> weaker("TCP keepalive is off, in the plan it comes after "
                                + need.edge().keepaliveSeconds() + " s of silence"));
        if (edge.bufferBytes() > need.edge().bufferBytes()) {
            weaker("a connection may buffer " + edge.bufferBytes() + " bytes, in the plan "
                    + need.edge().bufferBytes());
        }
    }
}
