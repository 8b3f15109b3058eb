package io.moongate.manifest.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moongate.model.problem.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code <<} of YAML 1.1, as kubectl reads it; what is expected here is what kubectl 1.37 prints. */
class MergeKeysTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {base: &b {x: "1", z: "2"}, <<: *b}          | x=1 z=2
            {<<: {a: "1"}, a: "2"}                       | a=2
            {a: "2", <<: {a: "1"}}                       | a=1
            {<<: {a: "1"}, <<: {b: "1", a: "3"}}         | a=3 b=1
            {<<: [{a: "1", b: "1"}, {b: "2", c: "2"}]}   | a=1 b=1 c=2
            {"<<": "quoted"}                             | <<=quoted
            """)
    void asKubectlDoes(String text, String expected) throws InputException {
        Value.Mapping mapping = (Value.Mapping) parse(text).orElseThrow();
        String found = mapping.fields().entrySet().stream()
                .filter(field -> field.getValue().value() instanceof Value.Scalar)
                .sorted(Map.Entry.comparingByKey())
                .map(field ->
                        field.getKey() + "=" + ((Value.Scalar) field.getValue().value()).text())
                .collect(Collectors.joining(" "));
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{<<: text}", "{<<: }", "{<<: [text]}", "{<<: [[{a: 1}]]}"})
    void aMergeOfSomethingElseIsNamedWithItsPlace(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOfSatisfying(InputException.class, e -> {
            assertThat(e.problems().getFirst().code()).isEqualTo(Problem.Code.SYNTAX_ERROR);
            assertThat(e.problems().getFirst().place().orElseThrow()).hasToString("test.yaml:1:2");
        });
    }

    @Test
    void aKeyThatIsThereTwiceIsAnErrorAllTheSame() {
        assertThatThrownBy(() -> parse("{<<: {a: 1}, a: 2, a: 3}")).hasMessageContaining("'a' is there twice");
    }

    private static Optional<Value> parse(String text) throws InputException {
        return YamlParser.parse("test.yaml", new YamlDocuments.Document(text, 0), new Limit(1_000, ""));
    }
}
