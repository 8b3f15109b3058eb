package io.moongate.operator.seed;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.operator.apply.Applier;
import io.moongate.plan.translate.istio.IstioObjects;
import io.moongate.plan.translate.istio.LegacyClosing;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which ingress gateways have the legacy listener at this moment: all while it is open. Once it has been removed its port
 * leaves the Services first, so that nobody is led to it any more, and then one listener after the other goes.
 *
 * @param again when the next one goes
 */
record LegacyListeners(Set<IngressGateway> served, Optional<Instant> again) {
    static LegacyListeners of(Plan plan, Instant decided, Applier applier, Instant now) {
        List<IngressGateway> gateways = plan.ingressGateways();
        if (!plan.legacyPort().isClosed()) {
            return new LegacyListeners(Set.copyOf(gateways), Optional.empty());
        }
        var closing = new LegacyClosing(decided, plan.configuration().removal().pace());
        int port = IstioObjects.port(plan, Entrance.LEGACY);
        var served = new HashSet<IngressGateway>();
        Optional<Instant> again = Optional.empty();
        for (int i = 0; i < gateways.size(); i++) {
            IngressGateway gateway = gateways.get(i);
            Instant goesAt = closing.goesAt(i, gateways.size());
            if (!applier.withdrawPort(IstioObjects.servicePorts(plan, gateway), port)) {
                served.add(gateway);
            } else if (now.isBefore(goesAt)) {
                served.add(gateway);
                again = again.isPresent() ? again : Optional.of(goesAt);
            }
        }
        return new LegacyListeners(served, again);
    }
}
