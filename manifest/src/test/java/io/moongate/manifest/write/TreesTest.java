package io.moongate.manifest.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreesTest {
    @ParameterizedTest
    @ValueSource(strings = {"~", "null", "Null", "yes", "off", "y", "True", "0x10", "017", "1_000", ""})
    void textThatKubectlTakesForSomethingElseIsQuoted(String text) {
        assertThat(Trees.yaml(Map.of("a", text)).strip()).isIn("a: \"" + text + "\"", "a: '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shoot--a--b", "8132-unified", "yesterday"})
    void allOtherTextIsNot(String text) {
        assertThat(Trees.yaml(Map.of("a", text)).strip()).isEqualTo("a: " + text);
    }

    @Test
    void aLineForMachinesIsAscii() {
        assertThat(Trees.json(Map.of("a", "\u007f\u0085\u00e9\ud83d\ude00")))
                .isEqualTo("{\"a\":\"\\u007F\\u0085\\u00E9\\uD83D\\uDE00\"}");
        assertThat(Trees.prettyJson(Map.of("a", "\u00e9"))).as("for people").contains("\u00e9");
    }
}
