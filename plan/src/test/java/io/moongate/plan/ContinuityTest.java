package io.moongate.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Declarations;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Standing;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.problem.Problem;
import io.moongate.plan.Continuity.Result;
import io.moongate.plan.Continuity.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** DESIGN's gateway rule 7, the part that is about time and numbers: no edit does damage by accident. */
class ContinuityTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aShootGoesOnlyAfterTenSecondsOfAbsence() {
        State state = step(State.NOTHING, 0, landscape(3)).state();
        Result gone = step(state, 0, landscape(2));
        assertThat(names(gone)).hasSize(3);
        assertThat(gone.recheckAt()).contains(T.plusSeconds(10));
        assertThat(names(step(gone.state(), 9999, landscape(2)))).hasSize(3);
        assertThat(names(step(gone.state(), 10_000, landscape(2)))).hasSize(2);
    }

    @Test
    void aShootThatComesBackInTimeIsAsIfItHadNeverGone() {
        State state = step(State.NOTHING, 0, landscape(3)).state();
        state = step(state, 0, landscape(2)).state();
        state = step(state, 5000, landscape(3)).state();
        Result again = step(state, 11_000, landscape(2));
        assertThat(names(again)).hasSize(3);
        assertThat(again.recheckAt()).contains(T.plusSeconds(21));
    }

    @Test
    void anAbsentShootKeepsItsEndpoints() {
        var slice = new EndpointSlice("shoot--foo--s2", "x", "kube-apiserver", List.of(), List.of());
        var full = new Landscape(Optional.empty(), List.of(), landscape(3).shoots(), List.of(), List.of(slice));
        State state = step(State.NOTHING, 0, full).state();
        assertThat(step(state, 0, landscape(2)).state().inForce().endpointSlices())
                .containsExactly(slice);
        assertThat(step(state, 0, landscape(3)).state().inForce().endpointSlices())
                .as("it lost them itself")
                .isEmpty();
    }

    @Test
    void manyAtOnceAreHeldUntilConfirmed() {
        State state = step(State.NOTHING, 0, landscape(50)).state();
        Result held = step(state, 0, landscape(44));
        assertThat(held.problems()).singleElement().extracting(Problem::code).isEqualTo(Problem.Code.REMOVAL_HELD);
        String id = held.held().orElseThrow();
        assertThat(held.problems().getFirst().toString()).contains("moongate confirm " + id);
        Result later = step(held.state(), 60_000, landscape(44));
        assertThat(names(later)).hasSize(50);
        assertThat(names(Continuity.step(later.state(), landscape(44), T.plusSeconds(61), Optional.of("wrong"))))
                .hasSize(50);
        assertThat(names(Continuity.step(later.state(), landscape(44), T.plusSeconds(61), Optional.of(id))))
                .hasSize(44);
    }

    @Test
    void aConfirmationCoversExactlyWhatItsGiverHasSeen() {
        State state = step(State.NOTHING, 0, landscape(50)).state();
        Result held = step(state, 0, landscape(44));
        Result more = Continuity.step(held.state(), landscape(40), T.plusSeconds(20), held.held());
        assertThat(names(more)).hasSize(50);
        assertThat(more.held()).isPresent().isNotEqualTo(held.held());
    }

    @Test
    void fewOrASmallPartAreNotHeld() {
        assertThat(step(step(State.NOTHING, 0, landscape(10)).state(), 0, landscape(5))
                        .held())
                .as("5 of 10")
                .isEmpty();
        assertThat(step(step(State.NOTHING, 0, landscape(10)).state(), 0, landscape(4))
                        .held())
                .as("6 of 10")
                .isPresent();
        assertThat(step(step(State.NOTHING, 0, landscape(100)).state(), 0, landscape(90))
                        .held())
                .as("10 of 100")
                .isEmpty();
        assertThat(step(step(State.NOTHING, 0, landscape(100)).state(), 0, landscape(89))
                        .held())
                .as("11 of 100")
                .isPresent();
    }

    @Test
    void slicesOfARemovalAddUpWhileTheyAreAbsent() {
        State state = step(State.NOTHING, 0, landscape(50)).state();
        state = step(state, 0, landscape(46)).state();
        assertThat(step(state, 2000, landscape(42)).held()).isPresent();
    }

    @Test
    void anotherTechnicalIdMeansThatTheShootIsGone() {
        State state = step(State.NOTHING, 0, landscape(1)).state();
        var changed = new Landscape(
                Optional.empty(),
                List.of(),
                List.of(shoot("s0", Optional.of("shoot--foo--other"))),
                List.of(),
                List.of());
        Result first = step(state, 0, changed);
        assertThat(first.state().inForce().shoots().getFirst().technicalId()).contains("shoot--foo--s0");
        assertThat(step(first.state(), 10_000, changed)
                        .state()
                        .inForce()
                        .shoots()
                        .getFirst()
                        .technicalId())
                .contains("shoot--foo--other");
    }

    @Test
    void theConfigurationNeverFallsBackToDefaults() {
        var configuration = io.moongate.manifest.read.ConfigurationReader.defaults();
        State state = step(
                        State.NOTHING,
                        0,
                        new Landscape(Optional.of(configuration), List.of(), List.of(), List.of(), List.of()))
                .state();
        Result gone = step(state, Duration.ofDays(1).toMillis(), Landscape.EMPTY);
        assertThat(gone.state().inForce().configuration()).contains(configuration);
        assertThat(gone.problems())
                .singleElement()
                .extracting(Problem::code)
                .isEqualTo(Problem.Code.CONFIGURATION_ABSENT);
    }

    private static Result step(State state, long millis, Landscape incoming) {
        return Continuity.step(state, incoming, T.plusMillis(millis), Optional.empty());
    }

    private static List<ShootKey> names(Result result) {
        return result.state().inForce().shoots().stream().map(Shoot::key).toList();
    }

    private static Landscape landscape(int shoots) {
        var all = new ArrayList<Shoot>();
        for (int i = 0; i < shoots; i++) {
            all.add(shoot("s" + i, Optional.of("shoot--foo--s" + i)));
        }
        return new Landscape(Optional.empty(), List.of(), all, List.of(), List.of());
    }

    private static Shoot shoot(String name, Optional<String> technicalId) {
        return new Shoot(
                new ShootKey("garden-foo", name),
                technicalId,
                new Shoot.Placement(Optional.empty(), Optional.empty()),
                new Shoot.Traits(false, false, false, Lifecycle.ACTIVE, Standing.SETTLED),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Adoption.ABSENT,
                Declarations.NONE);
    }
}
