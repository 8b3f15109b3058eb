package io.moongate.plan.translate.istio;

import static io.moongate.plan.translate.Objects.own;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.evidence.Reach;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The one object by which an ingress gateway reports its tunnels where the listeners are another owner's. It adds the
 * access log to the connection managers of both ports and sets nothing that the owner's filters set, so the order in
 * which istiod merges them makes no difference.
 */
public final class EvidenceFilter {
    private static final String KIND = "EnvoyFilter";
    private static final String API = Objects.requireNonNull(IstioObjects.KINDS.get(KIND));
    private static final String GATEWAY_API = Objects.requireNonNull(IstioObjects.KINDS.get("Gateway"));
    private static final String NAME = "moongate-evidence";
    private static final String REVISION = "pod-template-hash";

    private EvidenceFilter() {}

    /**
     * @param entrances whose tunnels it reports; not empty
     * @param reach to which of the gateway's pods it applies; not to none
     */
    public static ClusterObject of(Plan plan, IngressGateway gateway, Collection<Entrance> entrances, Reach reach) {
        AccessLogServiceSettings accessLog = plan.configuration().evidence().accessLogService();
        var patches = new ArrayList<Object>();
        Stream.of(Entrance.values())
                .filter(entrances::contains)
                .forEach(entrance -> patches.add(
                        new ListenerPatches(entrance, IstioObjects.port(plan, entrance), accessLog).reporting()));
        var labels = new TreeMap<String, Object>(gateway.labels());
        if (reach instanceof Reach.Revision(String hash)) {
            labels.put(REVISION, hash);
        }
        var spec = map("workloadSelector", map("labels", labels), "configPatches", patches);
        return own(API, KIND, gateway.namespace(), NAME, map("spec", spec));
    }

    /** Its name and place, whatever it does. */
    public static ClusterObject placeIn(String namespace) {
        return named(namespace, NAME);
    }

    public static boolean is(ObjectRef object) {
        return object.kind().equals(KIND) && object.name().equals(NAME);
    }

    /** To which of its gateway's pods one that is there applies. */
    public static Reach reachOf(ClusterObject filter) {
        return LiveTree.at(filter.tree(), "spec", "workloadSelector", "labels", REVISION) instanceof String hash
                ? new Reach.Revision(hash)
                : Reach.ALL_PODS;
    }

    /** Of which entrances one that is there reports the tunnels. */
    public static List<Entrance> entrancesOf(ClusterObject filter) {
        return Stream.of(Entrance.values())
                .filter(entrance -> reports(filter, entrance))
                .toList();
    }

    /** Whether a filter, of whatever name, adds our access log to an entrance. */
    public static boolean reports(ClusterObject filter, Entrance entrance) {
        return has(filter.tree(), AccessLogServiceSettings.logName(entrance));
    }

    /** The place of the filter of an entrance's listener, which may have the access log already. */
    public static ClusterObject listenerOf(IngressGateway gateway, Entrance entrance) {
        return named(gateway.namespace(), Names.of(entrance).listener());
    }

    /** The place of the Gateway that opens an entrance. */
    public static ClusterObject gatewayOf(IngressGateway gateway, Entrance entrance) {
        return new ClusterObject(
                GATEWAY_API, "Gateway", gateway.namespace(), Names.of(entrance).gateway(), Map.of());
    }

    private static ClusterObject named(String namespace, String name) {
        return new ClusterObject(API, KIND, namespace, name, Map.of());
    }

    private static boolean has(Object tree, String text) {
        return switch (tree) {
            case Map<?, ?> map -> map.values().stream().anyMatch(value -> has(value, text));
            case List<?> list -> list.stream().anyMatch(value -> has(value, text));
            case null -> false;
            default -> tree.equals(text);
        };
    }
}
