package io.moongate.model.plan;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.problem.Problem;
import java.util.List;

/** What should be, computed from one snapshot; {@code shoots} sorted by name. */
public record Plan(
        MoongateConfiguration configuration, GatewayPlan gateway, List<ShootPlan> shoots, List<Problem> problems) {
    public Plan {
        shoots = List.copyOf(shoots);
        problems = List.copyOf(problems);
    }
}
