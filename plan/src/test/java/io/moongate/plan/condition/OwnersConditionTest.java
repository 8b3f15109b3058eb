package io.moongate.plan.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Author;
import io.moongate.model.condition.Components;
import io.moongate.model.condition.Components.Pod;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Lifecycle;
import io.moongate.plan.condition.ConditionRules.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where an owner such as gardenlet deploys the clients: the condition reports what is seen, with or without a gate. */
class OwnersConditionTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Components LEGACY = pods(pod(false, Optional.empty()));
    private static final Components UNIFIED = pods(pod(true, Optional.empty()));

    private Instant now = START;
    private Adoption verdict = Adoption.ABSENT;
    private boolean gate;
    private Optional<Declaration> declared = Optional.empty();
    private Lifecycle lifecycle = Lifecycle.ACTIVE;

    @Test
    void nothingDeclaredAndNothingBegunIsNotReported() {
        see(LEGACY).expect("absent");
        see(new Components.Unreachable(START.minus(Duration.ofHours(1)))).expect("absent");
        lifecycle = Lifecycle.HIBERNATED;
        see(new Components.Unreachable(START)).expect("absent");
    }

    @Test
    void whatIsSeenIsReportedWithoutAGate() {
        see(pods(pod(true, Optional.empty()), pod(false, Optional.empty()))).expect("False Progressing");
        see(UNIFIED).expect("True ComponentsUseUnifiedPort");
        see(new Components.Unreachable(START.minus(Duration.ofHours(1)))).expect("Unknown Unreachable");
        see(UNIFIED).expect("True ComponentsUseUnifiedPort");
        see(LEGACY).expect("absent");
    }

    @Test
    void itBeginsAtWhatIsDeclared() {
        declare();
        see(new Components.Unreachable(START)).expect("absent");
        lifecycle = Lifecycle.HIBERNATED;
        see(new Components.Unreachable(START)).expect("absent");
        lifecycle = Lifecycle.ACTIVE;
        see(UNIFIED).expect("True ComponentsUseUnifiedPort");
        assertThat(verdict.constraint()).as("the owner's constraint is there").isEmpty();
    }

    @Test
    void declaredAndNotSeenYetIsUnderWayWhateverTheGateSays() {
        declare();
        for (boolean on : List.of(false, true)) {
            verdict = Adoption.ABSENT;
            gate = on;
            now = START;
            see(LEGACY).expect("False Progressing");
            now = START.plus(ConditionRules.STALL);
            see(LEGACY).expect("False RolloutStalled");
        }
    }

    @Test
    void whoWentBackHasDriftedAsLongAsItIsDeclared() {
        declare();
        see(UNIFIED).see(LEGACY).expect("False Drifted");
        declared = Optional.empty();
        see(LEGACY).expect("absent");
    }

    @Test
    void aPodThatIsNotReadyIsNotForgottenWithoutAConstraintOfOurs() {
        declare();
        see(UNIFIED);
        Components away = pods(pod(true, Optional.of(START)));
        now = START.plus(ConditionRules.PATIENCE);
        see(away).expect("Unknown ComponentsNotReady");
        see(away).expect("Unknown ComponentsNotReady");
        see(LEGACY).expect("False Drifted");
    }

    private void declare() {
        declared = Optional.of(new Declaration(
                Declaration.Entry.CONSTRAINT,
                Condition.Status.True,
                "ShootUsesUnifiedHTTPProxyPort",
                "",
                Optional.of(START),
                Author.GARDENLET));
    }

    private OwnersConditionTest see(Components components) {
        verdict = ConditionRules.judge(
                verdict,
                new Observation(false, gate, true, declared, lifecycle, components, Optional.empty(), Optional.empty()),
                now);
        return this;
    }

    private void expect(String condition) {
        assertThat(verdict.condition().map(c -> c.status() + " " + c.reason()).orElse("absent"))
                .isEqualTo(condition);
    }

    private static Components pods(Pod... pods) {
        return new Components.Seen(List.of(pods));
    }

    private static Pod pod(boolean unified, Optional<Instant> notReadySince) {
        return new Pod("vpn-shoot", "a", "node-1", unified, true, notReadySince);
    }
}
