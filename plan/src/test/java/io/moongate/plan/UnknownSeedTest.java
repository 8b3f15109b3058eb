package io.moongate.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Seed;
import io.moongate.model.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A seed's name with a typing error has no shoots: nothing would be wrong with it. */
class UnknownSeedTest {
    @Test
    void aNameThatNoSeedHasIsAProblem() {
        assertThat(problems(Optional.of("seed-l"), "seed-1", "other"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(Problem.Code.UNKNOWN_SEED);
                    assertThat(problem.message()).contains("'seed-l'", "did you mean seed-1?");
                });
        assertThat(problems(Optional.of("seed-1"), "seed-1", "other")).isEmpty();
    }

    @Test
    void whereNobodyNamesSeedsThereIsNone() {
        assertThat(problems(Optional.of("seed-1"))).isEmpty();
        assertThat(problems(Optional.empty(), "seed-1")).isEmpty();
    }

    private static List<Problem> problems(Optional<String> asked, String... seeds) {
        List<Seed> known = Stream.of(seeds)
                .map(name -> new Seed(name, false, Map.of(), Optional.empty()))
                .toList();
        var landscape = new Landscape(Optional.empty(), known, List.of(), List.of(), List.of());
        return Planner.plan(landscape, ConfigurationReader.defaults(), new Planner.Inputs(FeatureGates.NONE, asked))
                .problems();
    }
}
