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
 * @param labels of its pods, as far as its Service selects by them
 * @param gateways Istio's, of the gateway's namespace
 * @param filters EnvoyFilters of the gateway's namespace
 * @param service the tree of its Service; empty if that is not known
 */
public record LiveGateway(
        Map<String, String> labels,
        List<ClusterObject> gateways,
        List<ClusterObject> filters,
        Optional<Map<String, Object>> service) {
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

    /** Whether one of the Gateways opens this port: an EnvoyFilter alone serves nothing, and may be about all ports. */
    public boolean opens(int port) {
        return gateways.stream().anyMatch(gateway -> opens(gateway, port));
    }

    boolean opens(ClusterObject gateway, int port) {
        return selects(LiveTree.at(gateway.tree(), "spec", "selector")) != Selects.NO
                && servers(gateway, port).findAny().isPresent();
    }

    /** Those of a Gateway's servers that are on this port. */
    static Stream<Object> servers(ClusterObject gateway, int port) {
        return LiveTree.list(LiveTree.at(gateway.tree(), "spec", "servers")).stream()
                .<Object>map(server -> server)
                .filter(server -> LiveTree.isNumber(LiveTree.at(server, "port", "number"), port));
    }
}
