package io.moongate.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.cli.Moongate;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier.Change;
import io.moongate.operator.seed.Preview;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code plan --live} ends with: 0 only where nothing is to be done by others. */
class LiveExitCodeTest {
    private static final List<Change> CHANGES = List.of(new Change("create", "Gateway istio-ingress/http-proxy"));

    @Test
    void adviceAloneIsFine() {
        var advice = new Advice(Advice.Code.CANNOT_BE_JUDGED, Optional.empty(), "spec", "a field is not known");
        assertThat(LiveOptions.exitCode(
                        new Preview(List.of(), false, List.of(), List.of(), List.of(), List.of(advice))))
                .isEqualTo(Moongate.OK);
    }

    @Test
    void whatTheOperatorWritesIsFineAndWhatItsOwnerHasToWriteIsNot() {
        assertThat(LiveOptions.exitCode(preview(CHANGES, false))).isEqualTo(Moongate.OK);
        assertThat(LiveOptions.exitCode(preview(CHANGES, true))).isEqualTo(Moongate.BLOCKED);
    }

    @Test
    void drainsBlock() {
        var preview = new Preview(CHANGES, false, List.of("drains all tunnels"), List.of(), List.of(), List.of());
        assertThat(LiveOptions.exitCode(preview)).isEqualTo(Moongate.BLOCKED);
        assertThat(LiveOptions.exitCode(preview.with(List.of(Problem.general(Problem.Code.INVALID_VALUE, "a", "b")))))
                .as("one odd shoot must not hide them")
                .isEqualTo(Moongate.BLOCKED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Problem.Code.class,
            names = {"OWNER_MUST_ACT", "OWNED_BY_ANOTHER", "NO_INGRESS_GATEWAY", "UNKNOWN_SEED", "WATCH_INCOMPLETE"})
    void whatIsMissingBlocks(Problem.Code code) {
        assertThat(LiveOptions.exitCode(with(code))).isEqualTo(Moongate.BLOCKED);
    }

    @Test
    void aWarningAboutTheInputIsFineAndAnErrorIsNot() {
        assertThat(LiveOptions.exitCode(with(Problem.Code.NO_ADVERTISED_ADDRESS)))
                .isEqualTo(Moongate.OK);
        assertThat(LiveOptions.exitCode(with(Problem.Code.INVALID_VALUE))).isEqualTo(Moongate.ERROR);
    }

    private static Preview with(Problem.Code code) {
        return preview(List.of(), false).with(List.of(Problem.general(code, "a", "b")));
    }

    private static Preview preview(List<Change> changes, boolean observed) {
        return new Preview(changes, observed, List.of(), List.of(), List.of(), List.of());
    }
}
