package io.moongate.model.plan;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import java.util.List;

/**
 * What should be, computed from one snapshot.
 *
 * @param legacyPort what has been decided about it; {@code gateway} says what of that is in force
 * @param ingressGateways where the target is Istio: those that serve the two ports
 * @param shoots sorted by name
 * @param problems as many as may be reported
 */
public record Plan(
        MoongateConfiguration configuration,
        LegacyPort legacyPort,
        GatewayPlan gateway,
        List<IngressGateway> ingressGateways,
        List<ShootPlan> shoots,
        List<Problem> problems) {
    public Plan {
        ingressGateways = List.copyOf(ingressGateways);
        shoots = List.copyOf(shoots);
        problems = BoundedProblems.inAll(problems);
    }
}
