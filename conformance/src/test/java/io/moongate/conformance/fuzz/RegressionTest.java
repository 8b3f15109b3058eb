package io.moongate.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gives each kept input to its target once, without Jazzer. */
class RegressionTest {
    @TestFactory
    List<DynamicContainer> cases() throws IOException {
        var all = new ArrayList<DynamicContainer>();
        for (Target target : Target.values()) {
            var tests = Cases.of(target).entrySet().stream()
                    .map(input -> DynamicTest.dynamicTest(
                            input.getKey(),
                            () -> assertThatCode(() -> target.take(input.getValue()))
                                    .as("%s: %s", target, input.getKey())
                                    .doesNotThrowAnyException()))
                    .toList();
            assertThat(tests).as("cases of %s", target).isNotEmpty();
            all.add(DynamicContainer.dynamicContainer(target.label(), tests));
        }
        return all;
    }

    /** A renamed target would leave its cases behind, unread. */
    @Test
    void everyFolderOfCasesBelongsToATarget() throws IOException {
        List<String> targets = Arrays.stream(Target.values()).map(Target::label).toList();
        try (var entries = Files.list(Cases.FOLDER)) {
            assertThat(entries.map(Path::getFileName)
                            .map(name -> name.toString().replaceFirst("\\.dict$", "")))
                    .isSubsetOf(targets);
        }
    }
}
