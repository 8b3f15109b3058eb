package io.moongate.plan.translate.istio;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ObjectChange;
import io.moongate.model.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the legacy port's removal changes in a seed: the Services first, each listener after. */
public final class LegacyRemoval {
    private LegacyRemoval() {}

    /** In the order in which it is done; nothing once it has been decided. */
    public static List<ObjectChange> of(Plan plan) {
        Stream<ObjectChange> services = plan.ingressGateways().stream()
                .flatMap(gateway -> ofService(plan, gateway.namespace(), gateway.service()).stream());
        if (plan.legacyPort().isClosed()) {
            return List.of();
        }
        Stream<ObjectChange> listeners = IstioObjects.listeners(plan, Entrance.LEGACY).stream()
                .map(object -> new ObjectChange(Optional.of(object), Optional.empty(), ""));
        return Stream.concat(services, listeners).toList();
    }

    /** Only of one Service that leads to gateways. */
    public static List<ObjectChange> ofService(Plan plan, String namespace, String name) {
        if (plan.legacyPort().isClosed()) {
            return List.of();
        }
        return List.of(new ObjectChange(
                Optional.of(IstioObjects.servicePorts(plan, namespace, name, List.of(Entrance.values()))),
                Optional.of(IstioObjects.servicePorts(plan, namespace, name, List.of(Entrance.UNIFIED))),
                "takes out port " + IstioObjects.port(plan, Entrance.LEGACY)));
    }
}
