package io.moongate.cli;

import io.moongate.model.feature.FeatureGates;
import io.moongate.plan.Planner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What does not come from manifests; the same for all commands that plan. */
public final class InputOptions {
    @Option(
            names = "--feature-gates",
            paramLabel = "Name=true,...",
            description = "Feature gates; stronger than those of the MoongateConfiguration.")
    private String featureGates = "";

    @Option(names = "--seed", paramLabel = "NAME", description = "Only shoots for which this seed is responsible.")
    private @Nullable String seed;

    public Planner.Inputs inputs() {
        try {
            return new Planner.Inputs(FeatureGates.parse(featureGates), Optional.ofNullable(seed));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage() + ", in --feature-gates, correct it");
        }
    }
}
