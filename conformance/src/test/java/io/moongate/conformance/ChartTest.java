package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.conformance.lab.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
