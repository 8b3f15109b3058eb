package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.OtherWriter;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Reason;
import io.moongate.model.landscape.ShootKey;
import io.moongate.operator.shoots.status.ConditionWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our two entries of a Shoot's status are written, and nobody else's are lost, whoever serves Shoots. */
class ConditionWriterTest {
    private static final int OTHER_WRITES = 1000;
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final ShootKey SHOOT = new ShootKey(Garden.NAMESPACE, "one");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "DEFINITIONS, APPLY",
        "API_SERVER_OF_ITS_OWN, STRATEGIC_MERGE",
        "DEFINITIONS_WITH_ATOMIC_LISTS, UPDATE",
    })
    void anothersConditionStays(Garden.Served served, OtherWriter.Way way) throws Exception {
        try (var cluster = new Cluster(folder.resolve("garden"));
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                        .build()) {
            var garden = new Garden(cluster, served);
            garden.shoot("one");
            garden.patchStatus("one", "{\"conditions\": [{\"type\": \"APIServerAvailable\", \"status\": \"True\"}]}");
            var writer = new ConditionWriter(client);
            var others = new OtherWriter(cluster, "one", way, OTHER_WRITES);
            int rounds = 0;
            while (others.isBusy()) {
                everyState(writer);
                rounds++;
            }
            assertThat(others.end()).as("lost writes of another").isZero();
            assertThat(rounds).as("of ours meanwhile").isGreaterThan(10);

            writer.write(SHOOT, isTrue());
            assertThat(garden.condition("one")).isEqualTo("True ComponentsUseUnifiedPort");
            assertThat(garden.constraint("one")).isEqualTo("True");
            writer.write(SHOOT, isFalse());
            assertThat(garden.condition("one")).isEqualTo("False Drifted");
            assertThat(garden.constraint("one")).isEmpty();
            writer.write(SHOOT, Adoption.ABSENT);
            assertThat(garden.condition("one")).isEmpty();
            assertThat(others.message(client)).isEqualTo(Integer.toString(OTHER_WRITES - 1));
            gardenletsConstraintStays(garden, writer);
            whatGardenletTakesOverStays(garden, writer);
            writer.write(new ShootKey(Garden.NAMESPACE, "gone"), isTrue());
            garden.away();
            assertThatThrownBy(() -> writer.write(SHOOT, isTrue()))
                    .as("it is the kind that is not there, not the shoot")
                    .isInstanceOf(KubernetesClientException.class);
        }
    }

    private static void gardenletsConstraintStays(Garden garden, ConditionWriter writer) throws Exception {
        garden.declareAsGardenlet("one", "by gardenlet");
        for (Adoption ours : List.of(isTrue(), isFalse(), isTrue(), Adoption.ABSENT)) {
            writer.write(SHOOT, ours);
            assertThat(garden.condition("one").isEmpty())
                    .isEqualTo(ours.condition().isEmpty());
            assertThat(garden.constraintInFull("one"))
                    .as("after %s", ours)
                    .isEqualTo("True ShootUsesUnifiedHTTPProxyPort by gardenlet");
        }
    }

    /** Moongate has seen the shoot move before gardenlet declares it. */
    private static void whatGardenletTakesOverStays(Garden garden, ConditionWriter writer) throws Exception {
        garden.shoot("two");
        var two = new ShootKey(Garden.NAMESPACE, "two");
        writer.write(two, isTrue());
        garden.declareAsGardenlet("two", "by gardenlet");
        for (Adoption ours : List.of(isTrue(), isFalse(), Adoption.ABSENT)) {
            writer.write(two, ours);
            assertThat(garden.constraintInFull("two"))
                    .as("after %s", ours)
                    .isEqualTo("True ShootUsesUnifiedHTTPProxyPort by gardenlet");
        }
    }

    private static void everyState(ConditionWriter writer) {
        writer.write(SHOOT, isTrue());
        writer.write(SHOOT, isFalse());
        writer.write(SHOOT, Adoption.ABSENT);
    }

    private static Adoption isTrue() {
        Optional<Condition> condition =
                Optional.of(new Condition(Condition.Status.True, Reason.ComponentsUseUnifiedPort, "both", THEN, THEN));
        return new Adoption(condition, condition);
    }

    private static Adoption isFalse() {
        return new Adoption(
                Optional.of(new Condition(Condition.Status.False, Reason.Drifted, "one pod", THEN, THEN)),
                Optional.empty());
    }
}
