package io.moongate.manifest.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.InputLimits;
import io.moongate.model.problem.ObjectRef;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several documents in one file: each stands or falls for itself, as with kubectl. */
class DocumentsTest {
    private static final String BROKEN_MAP =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nobodys}\ndata: {a: x, a: y}\n";

    private FileState state = FileState.NEW;

    @Test
    void theOthersAreTakenAtTheFirstSight() {
        take(shoot("a", 1), BROKEN_MAP, shoot("b", 1));
        assertThat(names()).containsExactly("a", "b");
        assertThat(state.problems()).hasSize(1);
    }

    @Test
    void theOthersAreAddedChangedAndRemoved() {
        take(shoot("a", 1), shoot("b", 1), shoot("c", 1));
        take(shoot("a", 2), BROKEN_MAP, shoot("d", 1));
        assertThat(names()).as("nobody needs the broken one").containsExactly("a", "d");
    }

    @Test
    void theLastGoodOfTheBrokenOneStays() {
        take(shoot("a", 1), shoot("b", 1), shoot("c", 1));
        take(shoot("a", 1), shoot("b", 1) + "spec: twice\n");
        assertThat(names()).as("b is broken, c was removed").containsExactly("a", "b");
        assertThat(state.problems()).hasSize(1);
    }

    @Test
    void whatMayBeAnyOfThemKeepsAllOfThem() {
        take(shoot("a", 1), shoot("b", 1));
        take(shoot("a", 1), "kind: Shoot\nmetadata: [");
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void directivesAndEndsAreNoDocuments() {
        takeText("%YAML 1.2\n---\n" + shoot("a", 1) + "...\n# between\n" + shoot("b", 1) + "...\n---\n---\n"
                + shoot("c", 1));
        assertThat(state.problems()).isEmpty();
        assertThat(names()).containsExactly("a", "b", "c");
    }

    @Test
    void manyDocumentsAreFine() {
        takeText("---\n".repeat(100_000) + shoot("a", 1));
        assertThat(names()).as("at the limit").containsExactly("a");
        takeText("---\n".repeat(100_001) + shoot("b", 1));
        assertThat(names()).as("beyond it").containsExactly("a");
        assertThat(state.problems()).singleElement().asString().contains("more than 100000 documents");
    }

    /** Kubernetes has no such objects; with a slash one shoot could stand for another. */
    @Test
    void namesThatKubernetesDoesNotKnowAreRefused() {
        String longest = "n".repeat(253);
        take(shoot("a", 1), shoot(longest, 1).replace("shoot--test--" + longest, "shoot--test--long"));
        assertThat(names()).containsExactly("a", longest);
        for (String odd :
                List.of("x\\n2026 ERROR forged", "\\e[31m", "a/b", "..", "a b", "\\ud800", "ü", longest + "n")) {
            String quoted = '"' + odd + '"';
            take(
                    shoot("a", 1),
                    shoot("b", 1).replace("name: b", "name: " + quoted),
                    shoot("c", 1).replace("namespace: garden-test", "namespace: " + quoted),
                    "kind: Service\nmetadata: {name: " + quoted + "}\n",
                    "kind: EndpointSlice\nmetadata: {name: s, namespace: " + quoted
                            + ", labels: {kubernetes.io/service-name: s}}\n",
                    "kind: Seed\nmetadata: {name: " + quoted + "}\n");
            assertThat(names()).as(odd).containsExactly("a");
            assertThat(state.problems())
                    .as(odd)
                    .hasSize(5)
                    .allSatisfy(problem -> assertThat(problem.toString())
                            .startsWith("error: metadata.name")
                            .contains(" is not a name that Kubernetes takes", "test.yaml:")
                            .hasSizeLessThan(2000));
        }
    }

    private void take(String... documents) {
        takeText(String.join("---\n", documents));
    }

    private void takeText(String text) {
        state = state.take("test.yaml", text, InputLimits.ofProcess());
    }

    private List<String> names() {
        return state.objects().keySet().stream().map(ObjectRef::name).toList();
    }

    private static String shoot(String name, int workers) {
        return """
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata:
                  name: %1$s
                  namespace: garden-test
                spec: {provider: {workers: [%2$s]}}
                status: {technicalID: shoot--test--%1$s}
                """.formatted(name, "{name: w},".repeat(workers));
    }
}
