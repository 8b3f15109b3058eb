package io.moongate.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs Jazzer on each {@link Target} for {@code -Dfuzz.seconds}; {@code -Dfuzz.target} names those that are wanted. */
class FuzzTest {
    private static final Path RESULTS = Path.of("target", "fuzz").toAbsolutePath();
    private static final String SECONDS = System.getProperty("fuzz.seconds", "20");

    static Stream<Target> targets() {
        List<String> wanted = Arrays.stream(
                        System.getProperty("fuzz.target", "").split(","))
                .filter(name -> !name.isBlank())
                .toList();
        List<String> known = Arrays.stream(Target.values()).map(Target::label).toList();
        assertThat(known).as("names in fuzz.target").containsAll(wanted);
        return Arrays.stream(Target.values()).filter(t -> wanted.isEmpty() || wanted.contains(t.label()));
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void noInputBreaks(Target target) throws Exception {
        Path folder = RESULTS.resolve(target.label());
        JazzerRun.Outcome outcome = new JazzerRun(target, folder).run(SECONDS);
        assertThat(outcome.found()).as(explain(target, outcome)).isEmpty();
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(outcome.runs())
                .as("inputs tried\n%s", outcome.output())
                .isGreaterThan(target.floor().runs());
        assertThat(outcome.edges())
                .as("edges covered\n%s", outcome.output())
                .isGreaterThan(target.floor().edges());
    }

    private static String explain(Target target, JazzerRun.Outcome outcome) throws IOException {
        var text = new StringBuilder();
        for (Path file : outcome.found()) {
            text.append("input: ")
                    .append(file)
                    .append("\nbase64: ")
                    .append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
                    .append("\nto keep it as a regression case:\n  cp ")
                    .append(file)
                    .append(' ')
                    .append(Cases.FOLDER.resolve(target.label()).toAbsolutePath())
                    .append("/WHAT-IT-IS\n");
        }
        return text + outcome.output();
    }
}
