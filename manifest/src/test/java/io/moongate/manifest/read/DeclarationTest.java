package io.moongate.manifest.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Author;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.landscape.Shoot;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Shoot's status declares, and by whom: gardenlet by its constraint, Moongate by its condition, and people. */
class DeclarationTest {
    private static final String CONDITION = "{type: ShootUsesUnifiedHTTPProxyPort, status: \"True\", reason: %s}";
    private static final String CONSTRAINT = "{type: UsesUnifiedHTTPProxyPort, status: \"True\", reason: %s}";

    @Test
    void aReasonThatIsNotOursDeclaresAllTheSame() {
        Shoot shoot = shoot(
                "conditions",
                "{type: ShootUsesUnifiedHTTPProxyPort, status: \"True\", reason: AnotherWritersReason, message: done,"
                        + " lastTransitionTime: \"2026-03-01T00:00:00Z\", lastUpdateTime: \"2026-03-01T00:00:00Z\"}",
                "");
        assertThat(shoot.declared().condition())
                .contains(new Declaration(
                        Declaration.Entry.CONDITION,
                        Condition.Status.True,
                        "AnotherWritersReason",
                        "done",
                        Optional.of(Instant.parse("2026-03-01T00:00:00Z")),
                        Author.OTHER));
        assertThat(shoot.adoption().condition()).as("it is not ours").isEmpty();
    }

    @Test
    void gardenletDeclaresByTheConstraintAlone() {
        Shoot shoot = shoot("constraints", CONSTRAINT.formatted("ShootUsesUnifiedHTTPProxyPort"), "");
        assertThat(shoot.declared().isTrue()).isTrue();
        assertThat(shoot.declared().constraint()).map(Declaration::by).contains(Author.GARDENLET);
        assertThat(shoot.adoption().constraint()).as("it is not ours").isEmpty();
    }

    @Test
    void typeAndStatusAreEnough() {
        assertThat(shoot("conditions", "{type: ShootUsesUnifiedHTTPProxyPort, status: \"True\"}", "")
                        .declared()
                        .isTrue())
                .isTrue();
    }

    @Test
    void whatIsNoStatusDeclaresNothing() {
        assertThat(shoot("conditions", "{type: ShootUsesUnifiedHTTPProxyPort, status: \"yes\"}", "")
                        .declared()
                        .condition())
                .map(Declaration::status)
                .contains(Condition.Status.Unknown);
        assertThat(shoot("conditions", "{type: Another, status: \"True\"}", "")
                        .declared()
                        .all())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // reason | managers of the entry | managers of the list as a whole | author
                "ComponentsUseUnifiedPort      |                    |                    | moongate",
                "ShootUsesUnifiedHTTPProxyPort |                    |                    | gardenlet",
                "Whatever                      |                    |                    | other",
                "ComponentsUseUnifiedPort      | gardenlet          |                    | gardenlet",
                "ComponentsUseUnifiedPort      | kubectl            |                    | other",
                "Whatever                      | moongate           |                    | moongate",
                "Whatever                      | moongate,moongate  |                    | moongate",
                "ComponentsUseUnifiedPort      | moongate,kubectl   |                    | other",
                "ComponentsUseUnifiedPort      | moongate,gardenlet |                    | gardenlet",
                "ComponentsUseUnifiedPort      |                    | gardenlet          | moongate",
                "ShootUsesUnifiedHTTPProxyPort |                    | moongate           | gardenlet",
                "Whatever                      |                    | moongate           | moongate",
                "Whatever                      |                    | gardenlet          | gardenlet",
                "Whatever                      |                    | kubectl,moongate   | other",
            })
    void whoWroteAnEntry(String reason, String ofEntry, String ofList, String author) {
        var managed = new StringBuilder();
        if (ofEntry != null) {
            for (String manager : ofEntry.split(",")) {
                managed.append(managed(manager, "{'k:{\"type\":\"UsesUnifiedHTTPProxyPort\"}': {\"f:status\": {}}}"));
            }
        }
        if (ofList != null) {
            for (String manager : ofList.split(",")) {
                managed.append(managed(manager, "{}"));
            }
        }
        Shoot shoot = shoot("constraints", CONSTRAINT.formatted(reason), managed.toString());
        assertThat(shoot.declared().constraint().orElseThrow().by().label()).isEqualTo(author);
    }

    /** Moongate has seen it before gardenlet declared it: the status was True already, and stays its first manager's. */
    @Test
    void whatGardenletDeclaresAfterMoongateIsGardenlets() {
        String key = "'k:{\"type\":\"UsesUnifiedHTTPProxyPort\"}'";
        Shoot shoot = shoot(
                "constraints",
                CONSTRAINT.formatted("ShootUsesUnifiedHTTPProxyPort"),
                managed("moongate", "{" + key + ": {\"f:status\": {}, \"f:type\": {}}}")
                        + managed("gardenlet", "{" + key + ": {\"f:message\": {}, \"f:reason\": {}}}"));
        assertThat(shoot.declared().constraint()).map(Declaration::by).contains(Author.GARDENLET);
        assertThat(shoot.adoption().constraint()).as("it is not ours any more").isEmpty();
    }

    @Test
    void whoOnlyCorrectsATimeIsNotTheAuthor() {
        String key = "'k:{\"type\":\"UsesUnifiedHTTPProxyPort\"}'";
        Shoot shoot = shoot(
                "constraints",
                CONSTRAINT.formatted("ComponentsUseUnifiedPort"),
                managed("moongate", "{" + key + ": {\"f:status\": {}}}")
                        + managed("kubectl-patch", "{" + key + ": {\"f:lastUpdateTime\": {}}}"));
        assertThat(shoot.declared().constraint()).map(Declaration::by).contains(Author.MOONGATE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a string",
                "[1, {manager: [x]}]",
                "[{manager: m, fieldsV1: 7}]",
                "[{fieldsV1: {\"f:status\": []}}]"
            })
    void managedFieldsOfAnotherFormCostNothing(String managed) {
        var contents = ManifestReader.read("shoot.yaml", """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: one, namespace: garden-test, managedFields: %s}
                status: {technicalID: shoot--test--one, conditions: [%s]}
                """.formatted(managed, CONDITION.formatted("Pending")));
        assertThat(contents.failures()).isEmpty();
    }

    private static String managed(String manager, String list) {
        return "{manager: " + manager + ", fieldsV1: {\"f:status\": {\"f:constraints\": " + list + "}}},";
    }

    private static Shoot shoot(String list, String entry, String managed) {
        var contents = ManifestReader.read("shoot.yaml", """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: one, namespace: garden-test, managedFields: [%s]}
                status: {technicalID: shoot--test--one, %s: [%s]}
                """.formatted(managed, list, entry));
        assertThat(contents.failures()).isEmpty();
        return ((Manifest.OfShoot) contents.good().getFirst()).shoot();
    }
}
