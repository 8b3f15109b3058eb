package io.moongate.plan.served;

import io.moongate.model.destination.Destination.Server;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges a DestinationRule of another owner, which is in the place of a planned one, by what it does to the tunnels to that
 * server.
 */
public final class ServerRule {
    private static final String POLICY = "trafficPolicy";
    private static final String[] MOST = {"connectionPool", "tcp", "maxConnections"};

    private final ObjectRef ref;
    private final Object planned;
    private final Object found;
    private final List<String> missing = new ArrayList<>();
    private final List<Advice> advice = new ArrayList<>();

    private ServerRule(ClusterObject planned, Map<String, Object> found) {
        this.ref = new ObjectRef(planned.kind(), planned.namespace(), planned.name());
        this.planned = LiveTree.map(planned.tree().get("spec"));
        this.found = LiveTree.map(found.get("spec"));
    }

    /** Whether this is one that can be judged. */
    public static boolean is(ClusterObject planned) {
        return planned.kind().equals("DestinationRule")
                && portOf(planned.name()).isPresent();
    }

    private static OptionalInt portOf(String service) {
        return Stream.of(Server.values())
                .filter(server -> server.service().equals(service))
                .mapToInt(Server::port)
                .findFirst();
    }

    /** @param found the tree of the one that is there */
    public static Served of(ClusterObject planned, Map<String, Object> found) {
        var rule = new ServerRule(planned, found);
        rule.judge();
        return new Served(rule.missing, rule.advice);
    }

    private void judge() {
        if (!isForTheServer()) {
            advice.add(new Advice(
                    Advice.Code.WEAKER_THAN_PLANNED,
                    Optional.of(ref),
                    "spec.host",
                    "it is for " + Quoted.of(LiveTree.at(found, "host")) + ", so connections to the server have Istio's"
                            + " defaults"));
            return;
        }
        List<?> exports = LiveTree.list(LiveTree.at(found, "exportTo"));
        if (!exports.isEmpty() && !exports.contains("*")) {
            unclear("spec.exportTo", "it may not be for the gateways' namespaces");
        } else if (LiveTree.at(found, "workloadSelector") != null) {
            unclear("spec.workloadSelector", "it may not be for the gateways' pods");
        } else {
            policy(portOf(ref.name()).orElseThrow());
        }
    }

    /** Istio completes names without a dot, and nothing else. */
    private boolean isForTheServer() {
        String server = LiveTree.text(LiveTree.at(planned, "host"));
        String host = LiveTree.text(LiveTree.at(found, "host"));
        if (host.startsWith("*")) {
            return server.endsWith(host.substring(1));
        }
        String full = host.contains(".") ? host : host + "." + ref.namespace() + ".svc.cluster.local";
        return full.equals(server);
    }

    private void unclear(String field, String what) {
        advice.add(new Advice(Advice.Code.CANNOT_BE_JUDGED, Optional.of(ref), field, what));
    }

    /** What is set for a port replaces what is set for all. */
    private void policy(int port) {
        Object all = LiveTree.at(found, POLICY);
        Object policy = Stream.<Object>concat(
                        LiveTree.list(LiveTree.at(all, "portLevelSettings")).stream()
                                .filter(p -> LiveTree.isNumber(LiveTree.at(p, "port", "number"), port)),
                        Stream.of(LiveTree.map(all)))
                .findFirst()
                .orElseThrow();
        String mode = LiveTree.text(LiveTree.at(policy, "tls", "mode"));
        if (!mode.isEmpty() && !mode.equals("DISABLE")) {
            missing.add("it makes gateways speak TLS (" + Quoted.of(mode)
                    + ") to the server, which does not understand it");
        }
        if (LiveTree.at(all, "proxyProtocol") != null) {
            missing.add("it makes gateways send PROXY headers to the server, which does not understand them");
        }
        long most = connections(LiveTree.at(policy, MOST));
        long plannedMost = connections(LiveTree.at(
                planned, Stream.concat(Stream.of(POLICY), Stream.of(MOST)).toArray(String[]::new)));
        if (most < plannedMost) {
            advice.add(new Advice(
                    Advice.Code.WEAKER_THAN_PLANNED,
                    Optional.of(ref),
                    "spec." + POLICY + "." + String.join(".", MOST),
                    "it allows " + most + " connections to the server, and " + plannedMost + " are planned"));
        }
    }

    /** Istio takes none, and zero, as no limit. */
    private static long connections(@Nullable Object value) {
        String text = LiveTree.text(value);
        boolean limited = text.matches("[0-9]{1,18}") && Long.parseLong(text) > 0;
        return limited ? Long.parseLong(text) : Long.MAX_VALUE;
    }
}
