package io.moongate.plan.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Components;
import io.moongate.model.condition.Components.Pod;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Lifecycle;
import io.moongate.plan.condition.ConditionRules.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CONTRACT's table: each row has a test that names it. */
class ConditionRulesTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private Instant now = START;
    private Adoption verdict = Adoption.ABSENT;

    private ConditionRulesTest after(Duration time) {
        now = now.plus(time);
        return this;
    }

    private ConditionRulesTest see(boolean wanted, Lifecycle lifecycle, Components components, Instant progress) {
        verdict = ConditionRules.judge(
                verdict,
                new Observation(
                        false,
                        wanted,
                        false,
                        Optional.empty(),
                        lifecycle,
                        components,
                        Optional.ofNullable(progress),
                        Optional.empty()),
                now);
        return this;
    }

    private ConditionRulesTest see(Components components) {
        return see(true, Lifecycle.ACTIVE, components, START);
    }

    private void expect(String condition, String constraint) {
        assertThat(verdict.condition().map(c -> c.status() + " " + c.reason()).orElse("absent"))
                .isEqualTo(condition);
        assertThat(verdict.constraint().map(c -> c.status().toString()).orElse("absent"))
                .isEqualTo(constraint);
    }

    private static Components pods(Pod... pods) {
        return new Components.Seen(List.of(pods));
    }

    private static Pod old(String name) {
        return new Pod("vpn-shoot", name, "node-1", false, true, Optional.empty());
    }

    private static Pod ready(String name) {
        return new Pod("apiserver-proxy", name, "node-2", true, true, Optional.empty());
    }

    private Pod notReady(String name, boolean wasReady) {
        return new Pod("apiserver-proxy", name, "node-3", true, wasReady, Optional.of(now));
    }

    private ConditionRulesTest isTrue() {
        return see(pods(ready("a"), ready("b")));
    }

    @Test
    void workerlessOrGateNeverOn() {
        verdict = ConditionRules.judge(
                verdict,
                new Observation(
                        true,
                        true,
                        false,
                        Optional.empty(),
                        Lifecycle.ACTIVE,
                        pods(),
                        Optional.empty(),
                        Optional.empty()),
                now);
        expect("absent", "absent");
        see(false, Lifecycle.ACTIVE, pods(old("a")), null).expect("absent", "absent");
    }

    @Test
    void gateOnNotStarted() {
        see(true, Lifecycle.ACTIVE, pods(old("a"), old("b")), null).expect("False Pending", "absent");
    }

    @Test
    void rolling() {
        see(pods(ready("a"), old("b"))).expect("False Progressing", "absent");
        assertThat(verdict.condition().orElseThrow().message()).contains("1 of 2", "vpn-shoot");
        see(pods(ready("a"), notReady("b", false))).expect("False Progressing", "absent");
    }

    @Test
    void noProgressForTenMinutes() {
        see(pods(ready("a"), old("b"))).after(Duration.ofMinutes(10));
        see(pods(ready("a"), old("b"))).expect("False RolloutStalled", "absent");
        assertThat(verdict.condition().orElseThrow().message()).contains("vpn-shoot", "node-1");
        see(true, Lifecycle.ACTIVE, pods(ready("a"), ready("c"), old("b")), now).expect("False Progressing", "absent");
    }

    @Test
    void returnedToTheLegacyPort() {
        see(pods(ready("a"), old("b")));
        seeHalted(pods(ready("a"), old("b"))).expect("False RolloutStalled", "absent");
        seeHalted(pods(old("a"), old("b"))).expect("False Pending", "absent");
        assertThat(verdict.condition().orElseThrow().message()).contains("the firewall");
    }

    private ConditionRulesTest seeHalted(Components components) {
        var seen = new Observation(
                false,
                true,
                false,
                Optional.empty(),
                Lifecycle.ACTIVE,
                components,
                Optional.empty(),
                Optional.of("the firewall"));
        verdict = ConditionRules.judge(verdict, seen, now);
        return this;
    }

    @Test
    void allPodsCarryItAndWereReadyOnce() {
        isTrue().expect("True ComponentsUseUnifiedPort", "True");
        see(pods(ready("a"), notReady("b", true))).expect("True ComponentsUseUnifiedPort", "True");
    }

    @Test
    void aNewNodesPodThatIsNotReadyYetChangesNothingForFiveMinutes() {
        isTrue();
        Pod fresh = notReady("new", false);
        see(pods(ready("a"), ready("b"), fresh)).expect("True ComponentsUseUnifiedPort", "True");
        after(Duration.ofMinutes(5)).see(pods(ready("a"), ready("b"), fresh));
        expect("Unknown ComponentsNotReady", "True");
    }

    @Test
    void wasTruePodsNotReadyForMoreThanFiveMinutes() {
        isTrue();
        Pod away = notReady("b", true);
        after(Duration.ofMinutes(5)).see(pods(ready("a"), away)).expect("Unknown ComponentsNotReady", "True");
        isTrue().expect("True ComponentsUseUnifiedPort", "True");
    }

    @Test
    void wasTrueAPodIsOnTheOldConfiguration() {
        isTrue().see(pods(ready("a"), old("b"))).expect("False Drifted", "absent");
        see(pods(ready("a"), old("b"))).expect("False Drifted", "absent");
        isTrue().expect("True ComponentsUseUnifiedPort", "True");
    }

    @Test
    void apiServerNotReachableForMoreThanFiveMinutes() {
        isTrue();
        var away = new Components.Unreachable(now);
        see(away).expect("True ComponentsUseUnifiedPort", "True");
        after(Duration.ofMinutes(5)).see(away).expect("Unknown Unreachable", "True");
        isTrue().expect("True ComponentsUseUnifiedPort", "True");
        verdict = Adoption.ABSENT;
        see(new Components.Unreachable(now)).expect("False Pending", "absent");
    }

    @ParameterizedTest
    @EnumSource(value = Lifecycle.class, mode = EnumSource.Mode.EXCLUDE, names = "ACTIVE")
    void hibernatedIgnoredDeletingMigrating(Lifecycle lifecycle) {
        String reason =
                lifecycle.name().charAt(0) + lifecycle.name().substring(1).toLowerCase(java.util.Locale.ROOT);
        see(true, lifecycle, pods(), null).expect("Unknown " + reason, "absent");
        isTrue().see(true, lifecycle, new Components.Unreachable(START), null);
        expect("True ComponentsUseUnifiedPort", "True");
    }

    @Test
    void gateOffGoingBackAndAllBack() {
        isTrue().see(false, Lifecycle.ACTIVE, pods(ready("a"), old("b")), null).expect("False Reverting", "absent");
        see(false, Lifecycle.HIBERNATED, pods(), null).expect("False Reverting", "absent");
        see(false, Lifecycle.ACTIVE, new Components.Unreachable(START), null).expect("False Reverting", "absent");
        see(false, Lifecycle.ACTIVE, pods(old("a"), old("b")), null).expect("absent", "absent");
    }

    /** Upstream's bug 13844. */
    @Test
    void nothingStaysTrueAfterTheGateIsOff() {
        for (Lifecycle lifecycle : Lifecycle.values()) {
            isTrue().see(false, lifecycle, pods(ready("a")), null).expect("False Reverting", "absent");
            verdict = Adoption.ABSENT;
        }
    }

    @Test
    void onAgainHalfWayBack() {
        isTrue().see(false, Lifecycle.ACTIVE, pods(ready("a"), old("b")), null);
        see(true, Lifecycle.ACTIVE, pods(ready("a"), old("b")), now).expect("False Progressing", "absent");
    }

    @Test
    void timesChangeWithTheStatusAndWithAWriteAlone() {
        see(pods(ready("a"), old("b")));
        Condition first = verdict.condition().orElseThrow();
        after(Duration.ofMinutes(1)).see(pods(ready("a"), old("b")));
        assertThat(verdict.condition().orElseThrow())
                .as("nothing new, nothing written")
                .isSameAs(first);
        see(pods(ready("a"), ready("c"), old("b")));
        assertThat(verdict.condition().orElseThrow().lastTransitionTime()).isEqualTo(START);
        assertThat(verdict.condition().orElseThrow().lastUpdateTime()).isEqualTo(now);
        isTrue();
        assertThat(verdict.condition().orElseThrow().lastTransitionTime()).isEqualTo(now);
    }

    @Test
    void nothingThatCountsProvesNothing() {
        see(true, Lifecycle.ACTIVE, pods(), null).expect("False Pending", "absent");
        isTrue().see(pods()).expect("True ComponentsUseUnifiedPort", "True");
    }

    /** Whatever comes after whatever: never True with an old pod in sight, never a constraint with False. */
    @Test
    void allSequencesOfThreeHoldTheInvariants() {
        List<Observation> all = observations();
        for (Observation first : all) {
            for (Observation second : all) {
                for (Observation third : all) {
                    Adoption v = Adoption.ABSENT;
                    Instant time = START;
                    for (Observation o : List.of(first, second, third)) {
                        time = time.plus(Duration.ofMinutes(6));
                        v = ConditionRules.judge(v, o, time);
                        check(v, o);
                    }
                }
            }
        }
    }

    private static void check(Adoption v, Observation o) {
        boolean isTrue =
                v.condition().filter(c -> c.status() == Condition.Status.True).isPresent();
        boolean isFalse =
                v.condition().filter(c -> c.status() == Condition.Status.False).isPresent();
        boolean oldInSight = o.lifecycle() == Lifecycle.ACTIVE
                && o.components() instanceof Components.Seen(List<Pod> pods)
                && pods.stream().anyMatch(p -> !p.unified());
        assertThat(isTrue && (oldInSight || !o.wanted()))
                .as("%s after %s", v, o)
                .isFalse();
        assertThat(isFalse && v.constraint().isPresent())
                .as("%s after %s", v, o)
                .isFalse();
        assertThat(v.condition().isEmpty() && v.constraint().isPresent()).isFalse();
    }

    private static List<Observation> observations() {
        var all = new ArrayList<Observation>();
        for (boolean wanted : new boolean[] {true, false}) {
            for (Lifecycle lifecycle : Lifecycle.values()) {
                for (Components components : List.of(
                        pods(old("a")),
                        pods(ready("a"), old("b")),
                        pods(ready("a")),
                        pods(),
                        new Components.Unreachable(START))) {
                    for (Optional<String> halted : List.of(Optional.<String>empty(), Optional.of("why"))) {
                        all.add(new Observation(
                                false,
                                wanted,
                                false,
                                Optional.empty(),
                                lifecycle,
                                components,
                                Optional.of(START),
                                halted));
                    }
                }
            }
        }
        return all;
    }
}
