package io.moongate.manifest.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.problem.Place;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubectlScalarsTest {
    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON"})
    void trueAsInYaml11(String text) {
        assertThat(KubectlScalars.bool(plain(text))).contains(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF"})
    void falseAsInYaml11(String text) {
        assertThat(KubectlScalars.bool(plain(text))).contains(false);
    }

    @Test
    void aQuotedWordIsAWord() {
        assertThat(KubectlScalars.bool(quoted("yes"))).isEmpty();
        assertThat(KubectlScalars.bool(plain("maybe"))).isEmpty();
        assertThat(KubectlScalars.bool(plain("1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "443,443",
        "-5,-5",
        "+5,5",
        "0,0",
        "0x1bb,443",
        "0X1BB,443",
        "0b11,3",
        "0o17,15",
        "017,15",
        "1_000,1000",
        "2147483647,2147483647",
        "-2147483648,-2147483648"
    })
    void numbersAsInYaml11(String text, int number) {
        assertThat(KubectlScalars.integer(plain(text))).contains(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1.5", "1e3", "0x", "_", "0b", "--1", "2147483648", "99999999999999999999999999"})
    void allElseIsNone(String text) {
        assertThat(KubectlScalars.integer(plain(text))).isEqualTo(Optional.empty());
    }

    private static Value.Scalar plain(String text) {
        return new Value.Scalar(Place.wholeFile("test"), text, true);
    }

    private static Value.Scalar quoted(String text) {
        return new Value.Scalar(Place.wholeFile("test"), text, false);
    }
}
