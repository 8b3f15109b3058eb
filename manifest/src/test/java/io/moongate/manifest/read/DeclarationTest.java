package io.moongate.manifest.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.landscape.Shoot;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The condition is ours to write strictly and to read leniently: gardenlets and people write it, too. */
class DeclarationTest {
    @Test
    void aReasonThatIsNotOursDeclaresAllTheSame() {
        Shoot shoot = shoot(
                "{type: ShootUsesUnifiedHTTPProxyPort, status: \"True\", reason: AnotherWritersReason, message: done,"
                        + " lastTransitionTime: \"2026-03-01T00:00:00Z\", lastUpdateTime: \"2026-03-01T00:00:00Z\"}");
        assertThat(shoot.declared())
                .contains(new Declaration(
                        Condition.Status.True,
                        "AnotherWritersReason",
                        "done",
                        Optional.of(Instant.parse("2026-03-01T00:00:00Z"))));
        assertThat(shoot.adoption().condition())
                .as("the operator writes it anew")
                .isEmpty();
    }

    @Test
    void typeAndStatusAreEnough() {
        assertThat(shoot("{type: ShootUsesUnifiedHTTPProxyPort, status: \"True\"}")
                        .declared())
                .contains(new Declaration(Condition.Status.True, "", "", Optional.empty()));
    }

    @Test
    void whatIsNoStatusDeclaresNothing() {
        assertThat(shoot("{type: ShootUsesUnifiedHTTPProxyPort, status: \"yes\"}")
                        .declared())
                .map(Declaration::status)
                .contains(Condition.Status.Unknown);
        assertThat(shoot("{type: Another, status: \"True\"}").declared()).isEmpty();
    }

    private static Shoot shoot(String condition) {
        var contents = ManifestReader.read("shoot.yaml", """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: one, namespace: garden-test}
                status: {technicalID: shoot--test--one, conditions: [%s]}
                """.formatted(condition));
        assertThat(contents.failures()).isEmpty();
        return ((Manifest.OfShoot) contents.good().getFirst()).shoot();
    }
}
