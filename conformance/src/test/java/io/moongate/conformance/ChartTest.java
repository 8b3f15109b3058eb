package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.conformance.lab.Helm;
import io.moongate.plan.translate.LiveTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart through real helm: a case is a folder with {@code values.yaml} and what it renders to. */
class ChartTest {
    private static final Path CASES = Path.of("src/test/chart");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    static Stream<Path> cases() throws IOException {
        return Files.list(CASES).sorted();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersToWhatItsFolderHolds(Path folder) throws IOException {
        Path values = folder.resolve("values.yaml");
        Path golden = folder.resolve("rendered.yaml");
        assertThat(Helm.lint(values)).contains("0 chart(s) failed");
        String rendered = Helm.template(values);
        if (UPDATE) {
            Files.writeString(golden, rendered);
        }
        assertThat(rendered).as("mend with ./verify --update").isEqualTo(Files.readString(golden));
    }

    @Test
    void thereAreCases() throws IOException {
        assertThat(cases()).hasSize(4);
    }

    /** As Gardener labels them: the default one, one of a zone, one of an exposure class. */
    @Test
    void ingressGatewaysOfEachKindReachTheWitness() throws IOException {
        List<Map<String, String>> kinds = List.of(
                Map.of("app", "istio-ingressgateway", "istio", "ingressgateway"),
                Map.of("app", "istio-ingressgateway", "istio", "ingressgateway--zone--a"),
                Map.of("app", "istio-ingressgateway", "gardener.cloud/role", "exposureclass-handler"));
        List<Object> peers = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build())
                .loadAllFromString(Helm.template(CASES.resolve("istio-evidence").resolve("values.yaml")))) {
            if ("NetworkPolicy".equals(LiveTree.at(document, "kind"))
                    && "moongate-witness".equals(LiveTree.at(document, "metadata", "name"))) {
                LiveTree.list(LiveTree.at(document, "spec", "ingress"))
                        .forEach(rule -> peers.addAll(LiveTree.list(LiveTree.at(rule, "from"))));
            }
        }
        assertThat(kinds)
                .allSatisfy(labels ->
                        assertThat(peers).anySatisfy(peer -> assertThat(labels).containsAllEntriesOf(selected(peer))));
    }

    private static Map<String, String> selected(Object peer) {
        var labels = new HashMap<String, String>();
        LiveTree.map(LiveTree.at(peer, "podSelector", "matchLabels"))
                .forEach((key, value) -> labels.put(String.valueOf(key), String.valueOf(value)));
        return labels;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {image: {repository: r, tag: "1"}}                                              | /seed
                    {seed: s, image: {repository: r}}                                               | /image
                    {seed: s, image: {repository: r, tag: "1"}, replicas: 3}                        | replicas
                    {seed: s, image: {repository: r, tag: "1"}, configuration: {target: Nginx}}     | /configuration/target
                    {seed: s, image: {repository: r, tag: "1"}, configuration: {kind: Other}}       | /configuration/kind
                    {seed: s, image: {repository: r, tag: "1"}, dashboard: {enabled: true}}         | set witness.enabled
                    """)
    void wrongValuesAreRefusedWithTheirPlace(String values, String place, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values);
        assertThatThrownBy(() -> Helm.template(file)).hasMessageContaining(place);
    }
}
