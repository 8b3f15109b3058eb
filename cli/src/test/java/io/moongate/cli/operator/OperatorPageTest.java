package io.moongate.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.landscape.Landscape;
import io.moongate.operator.Operator;
import io.moongate.plan.Planner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperatorPageTest {
    @Test
    void aReplicaThatDoesNotLeadSaysThatItJudgesNothing() {
        assertThat(page(false)).extracting("note").asString().contains("does not lead", "Lease moongate-operator-");
        assertThat(page(true)).doesNotContainKey("note");
    }

    private static Map<String, Object> page(boolean leading) {
        var plan = Planner.plan(
                Landscape.EMPTY,
                ConfigurationReader.defaults(),
                new Planner.Inputs(FeatureGates.NONE, Optional.empty()));
        return OperatorCommand.page(new Operator.View(plan, List.of(), List.of(), List.of(), leading));
    }
}
