package io.moongate.operator.seed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.problem.ObjectRef;
import io.moongate.operator.ObjectTree;
import io.moongate.operator.apply.Live;
import io.moongate.operator.apply.Owner;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.operator.provider.IstioGateways;
import io.moongate.plan.served.LiveGateway;
import io.moongate.plan.translate.istio.EvidenceFilter;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects of ingress gateways as they are, for one pass. Gateways are watched and cost no request; all else is asked
 * for where somebody wants it.
 */
final class LiveObjects {
    private static final String GATEWAY = "Gateway";
    private static final String FILTER = "EnvoyFilter";

    private final KubernetesClient client;
    private final String rootNamespace;
    private final List<ClusterObject> ours;
    private final List<ClusterObject> others;
    private final Map<String, List<ClusterObject>> filters = new HashMap<>();

    /**
     * @param ours Istio's Gateways that are ours
     * @param others those that are not
     */
    LiveObjects(KubernetesClient client, List<ClusterObject> ours, List<ClusterObject> others, String rootNamespace) {
        this.client = client;
        this.ours = ours;
        this.others = others;
        this.rootNamespace = rootNamespace;
    }

    static LiveObjects of(KubernetesClient client, Live live, IstioGateways gateways, String rootNamespace) {
        var ours = new ArrayList<ClusterObject>();
        var others = new ArrayList<>(gateways.all());
        for (GenericKubernetesResource gateway : live.labelled(GATEWAY)) {
            (Owner.isOurs(gateway) ? ours : others).add(object(GATEWAY, gateway, live.treeOf(gateway)));
        }
        return new LiveObjects(client, ours, others, rootNamespace);
    }

    /** Whether another owner opens this port: in the gateway's namespace, or in any where none of ours does. */
    boolean othersOpen(IngressGateway gateway, int port) {
        LiveGateway elsewhere = with(gateway, others.stream().filter(o -> !isIn(gateway, o)));
        LiveGateway surely = with(gateway, elsewhere.gateways().stream().filter(elsewhere::isSelectedBy));
        return with(gateway, others.stream().filter(o -> isIn(gateway, o))).opens(port)
                || (surely.opens(port)
                        && !with(gateway, ours.stream().filter(o -> isIn(gateway, o)))
                                .opens(port));
    }

    private static boolean isIn(IngressGateway gateway, ClusterObject object) {
        return object.namespace().equals(gateway.namespace());
    }

    private LiveGateway with(IngressGateway gateway, Stream<ClusterObject> gateways) {
        return new LiveGateway(
                gateway.namespace(), rootNamespace, gateway.labels(), gateways.toList(), List.of(), Optional.empty());
    }

    /** All that is known of it, whosever it is. */
    LiveGateway of(IngressGateway gateway) {
        var service = new ClusterObject("v1", "Service", gateway.namespace(), gateway.service(), Map.of());
        return new LiveGateway(
                gateway.namespace(),
                rootNamespace,
                gateway.labels(),
                Stream.concat(ours.stream(), others.stream()).toList(),
                Stream.of(gateway.namespace(), rootNamespace)
                        .distinct()
                        .flatMap(namespace -> filters(namespace).stream())
                        .toList(),
                ServerSideApply.get(client, service).map(found -> ObjectTree.of(client, found)));
    }

    /** Without those that only report tunnels. */
    private List<ClusterObject> filters(String namespace) {
        List<ClusterObject> known = filters.get(namespace);
        if (known == null) {
            known = client
                    .genericKubernetesResources(ServerSideApply.context(apiVersion(FILTER), FILTER))
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .map(filter -> object(FILTER, filter, ObjectTree.of(client, filter)))
                    .filter(o -> !EvidenceFilter.is(new ObjectRef(o.kind(), o.namespace(), o.name())))
                    .toList();
            filters.put(namespace, known);
        }
        return known;
    }

    /** Items of a list come without version and kind. */
    private static ClusterObject object(String kind, GenericKubernetesResource object, Map<String, Object> tree) {
        return new ClusterObject(
                apiVersion(kind),
                kind,
                object.getMetadata().getNamespace(),
                object.getMetadata().getName(),
                tree);
    }

    private static String apiVersion(String kind) {
        return Objects.requireNonNull(IstioObjects.KINDS.get(kind));
    }
}
