package io.moongate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.feature.FeatureGates;
import io.moongate.model.loop.Supervisor;
import io.moongate.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedLoopsTest {
    /** Its turn lasts as long as the replica leads, or waits to lead: that is no loop that hangs. */
    @Test
    void aReplicaMayLeadForEver(@TempDir Path folder) throws IOException {
        Map<String, Duration> longest = new HashMap<>();
        Supervisor supervisor = (name, longestTurn, whenStuck) -> {
            longest.put(name, longestTurn);
            return Supervisor.NONE.begin(name, longestTurn, whenStuck);
        };
        try (var operator = new Operator(settings(folder), new OperatorMetrics(), supervisor, List::of)) {
            assertThat(operator.view()).isEmpty();
        }
        assertThat(longest.get("leadership")).isGreaterThan(Duration.ofDays(365));
        assertThat(longest.get("main")).isLessThan(Duration.ofHours(1));
    }

    private static OperatorSettings settings(Path folder) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """);
        return new OperatorSettings(
                folder,
                Optional.of(kubeconfig),
                Optional.of(kubeconfig),
                "seed-1",
                new Planner.Inputs(FeatureGates.NONE, Optional.of("seed-1")),
                "moongate-system",
                "moongate-gateway",
                "test");
    }
}
