package io.moongate.plan.served;

import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.LiveTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one ingress gateway as they are in the cluster.
 *
 * @param namespace of its pods
 * @param rootNamespace Istio's: its EnvoyFilters are for all gateways
 * @param labels of its pods, as far as its Service selects by them
 * @param gateways Istio's, of all namespaces
 * @param filters EnvoyFilters of the gateway's namespace and of Istio's root namespace
 * @param service the tree of its Service; empty if that is not known
 */
public record LiveGateway(
        String namespace,
        String rootNamespace,
        Map<String, String> labels,
        List<ClusterObject> gateways,
        List<ClusterObject> filters,
        Optional<Map<String, Object>> service) {
    static final String UNKNOWN_LABELS =
            "the gateway's pods may have these labels or not, its Service does not select by them";

    public LiveGateway {
        labels = Map.copyOf(labels);
        gateways = List.copyOf(gateways);
        filters = List.copyOf(filters);
    }

    /** Whether an object selects the gateway's pods. A label that the Service does not select by may be there or not. */
    enum Selects {
        YES,
        NO,
        PERHAPS
    }

    Selects selects(@Nullable Object selector) {
        boolean unknown = false;
        for (var label : LiveTree.map(selector).entrySet()) {
            String known = labels.get(String.valueOf(label.getKey()));
            if (known == null) {
                unknown = true;
            } else if (!known.equals(label.getValue())) {
                return Selects.NO;
            }
        }
        return unknown ? Selects.PERHAPS : Selects.YES;
    }

    /** EnvoyFilters of all other namespaces are for other pods. */
    boolean isFor(ClusterObject filter) {
        return filter.namespace().equals(namespace) || filter.namespace().equals(rootNamespace);
    }

    /** Whether a Gateway is for the gateway's pods, as far as their labels are known. */
    public boolean isSelectedBy(ClusterObject gateway) {
        return selectedBy(gateway) == Selects.YES;
    }

    Selects selectedBy(ClusterObject gateway) {
        return selects(LiveTree.at(gateway.tree(), "spec", "selector"));
    }

    /** Whether one of the Gateways opens this port: an EnvoyFilter alone serves nothing, and may be about all ports. */
    public boolean opens(int port) {
        return gateways.stream().anyMatch(gateway -> opens(gateway, port));
    }

    boolean opens(ClusterObject gateway, int port) {
        return selectedBy(gateway) != Selects.NO
                && servers(gateway, port).findAny().isPresent();
    }

    /** Those of a Gateway's servers that are on this port. */
    static Stream<Object> servers(ClusterObject gateway, int port) {
        return LiveTree.list(LiveTree.at(gateway.tree(), "spec", "servers")).stream()
                .<Object>map(server -> server)
                .filter(server -> LiveTree.isNumber(LiveTree.at(server, "port", "number"), port));
    }

    /** How istiod may call the listener on this port: by the address families of the gateway's pods. */
    List<String> listenerNames(int listenerPort) {
        List<?> families = LiveTree.list(
                service.map(tree -> LiveTree.at(tree, "spec", "ipFamilies")).orElse(null));
        String ipv4 = "0.0.0.0_" + listenerPort;
        String ipv6 = "::_" + listenerPort;
        if (families.isEmpty()) {
            return List.of(ipv4, ipv6);
        }
        return List.of(families.contains("IPv4") ? ipv4 : ipv6);
    }
}
