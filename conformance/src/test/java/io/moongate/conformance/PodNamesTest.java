package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.plan.evidence.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a pod's name shows its revision is the word of Kubernetes' own controllers. */
class PodNamesTest {
    private static final int LONGEST = 63;

    @TempDir
    Path folder;

    @Test
    void theRevisionInAPodsNameIsItsLabelOrUnknown() throws Exception {
        try (var cluster = new Cluster(folder)) {
            cluster.startControllers();
            // The longest whose pods' names hold the hash, and some for which Kubernetes cuts it.
            for (int length : new int[] {20, 46, 47, 48, 52, 60}) {
                cluster.apply("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: %s, namespace: default}
                        spec:
                          replicas: 3
                          selector: {matchLabels: {app: x%2$d}}
                          template:
                            metadata: {labels: {app: x%2$d}}
                            spec: {containers: [{name: a, image: a}]}
                        """.formatted("g".repeat(length), length));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> pods(cluster).lines().count() == 18);
            assertThat(pods(cluster).lines()).allSatisfy(line -> {
                String[] pod = line.split(" ");
                assertThat(Replica.revisionIn(pod[0]))
                        .as(line)
                        .isEqualTo(pod[0].length() < LONGEST ? Optional.of(pod[1]) : Optional.empty());
            });
            assertThat(pods(cluster).lines().filter(line -> line.indexOf(' ') < LONGEST))
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    private static String pods(Cluster cluster) throws IOException {
        return cluster.kubectl(
                "get",
                "pods",
                "-n",
                "default",
                "-o",
                "jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.pod-template-hash}{'\\n'}{end}");
    }
}
