package io.moongate.plan.rollout;

import static io.moongate.plan.rollout.MoveRules.Part.ABSENT;
import static io.moongate.plan.rollout.MoveRules.Part.DONE;
import static io.moongate.plan.rollout.MoveRules.Part.NOT_NEEDED;
import static io.moongate.plan.rollout.MoveRules.Part.ON_OTHER_PORT;
import static io.moongate.plan.rollout.MoveRules.Part.ROLLING;
import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.config.RolloutSettings.Unprobed;
import io.moongate.plan.rollout.MoveRules.Part;
import io.moongate.plan.rollout.MoveRules.Probe;
import io.moongate.plan.rollout.MoveRules.Seen;
import io.moongate.plan.rollout.MoveRules.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MoveRulesTest {
    @Test
    void aWholeMoveProbesThenMovesTheVpnClientThenTheProxy() {
        assertThat(walk(new Seen(ON_OTHER_PORT, ON_OTHER_PORT, true, Probe.NOT_STARTED)))
                .containsExactly(
                        Step.START_PROBE,
                        Step.AWAIT_PROBE,
                        Step.APPLY_VPN_CLIENT,
                        Step.AWAIT_VPN_CLIENT,
                        Step.APPLY_API_SERVER_PROXY,
                        Step.AWAIT_API_SERVER_PROXY,
                        Step.NONE);
    }

    @Test
    void theWayBackIsNotProbed() {
        assertThat(walk(new Seen(ON_OTHER_PORT, ON_OTHER_PORT, false, Probe.NOT_STARTED)))
                .startsWith(Step.APPLY_VPN_CLIENT, Step.AWAIT_VPN_CLIENT, Step.APPLY_API_SERVER_PROXY);
    }

    @Test
    void whereNothingRunsNothingIsProbed() {
        assertThat(walk(new Seen(ABSENT, ABSENT, true, Probe.NOT_STARTED))).startsWith(Step.APPLY_VPN_CLIENT);
    }

    @Test
    void aShootWithoutDnsIsDoneWithItsVpnClient() {
        assertThat(walk(new Seen(ON_OTHER_PORT, NOT_NEEDED, false, Probe.NOT_STARTED)))
                .containsExactly(Step.APPLY_VPN_CLIENT, Step.AWAIT_VPN_CLIENT, Step.NONE);
    }

    @Test
    void halfWayItGoesOnWithoutAProbe() {
        assertThat(next(new Seen(DONE, ON_OTHER_PORT, true, Probe.NOT_STARTED))).isEqualTo(Step.APPLY_API_SERVER_PROXY);
        assertThat(next(new Seen(ROLLING, ON_OTHER_PORT, true, Probe.FAILED))).isEqualTo(Step.AWAIT_VPN_CLIENT);
    }

    @Test
    void withoutAPassedProbeNothingIsMoved() {
        assertThat(next(new Seen(ON_OTHER_PORT, ON_OTHER_PORT, true, Probe.FAILED)))
                .isEqualTo(Step.REFUSE);
        assertThat(next(new Seen(ON_OTHER_PORT, ON_OTHER_PORT, true, Probe.IMPOSSIBLE)))
                .isEqualTo(Step.SKIP);
        var unprobed = new Seen(ON_OTHER_PORT, ON_OTHER_PORT, true, Probe.IMPOSSIBLE);
        assertThat(MoveRules.next(unprobed, Unprobed.Proceed)).isEqualTo(Step.APPLY_VPN_CLIENT);
    }

    /** VPN and API server proxy serve opposite directions: while one is under way the other is left alone. */
    @ParameterizedTest
    @EnumSource(Part.class)
    void theProxyWaitsUntilTheVpnClientIsReady(Part proxy) {
        for (Part vpn : Part.values()) {
            for (Probe probe : Probe.values()) {
                for (boolean toUnified : new boolean[] {true, false}) {
                    Step step = next(new Seen(vpn, proxy, toUnified, probe));
                    if (vpn != DONE && vpn != NOT_NEEDED) {
                        assertThat(step).isNotEqualTo(Step.APPLY_API_SERVER_PROXY);
                    }
                }
            }
        }
    }

    private static Step next(Seen seen) {
        return MoveRules.next(seen, Unprobed.Skip);
    }

    /** Every step does what it says, and every wait ends well. */
    private static List<Step> walk(Seen seen) {
        var steps = new ArrayList<Step>();
        while (true) {
            Step step = next(seen);
            steps.add(step);
            seen = switch (step) {
                case START_PROBE -> with(seen, Probe.RUNNING);
                case AWAIT_PROBE -> with(seen, Probe.PASSED);
                case APPLY_VPN_CLIENT -> new Seen(ROLLING, seen.apiServerProxy(), seen.toUnified(), seen.probe());
                case AWAIT_VPN_CLIENT -> new Seen(DONE, seen.apiServerProxy(), seen.toUnified(), seen.probe());
                case APPLY_API_SERVER_PROXY -> new Seen(seen.vpnClient(), ROLLING, seen.toUnified(), seen.probe());
                case AWAIT_API_SERVER_PROXY -> new Seen(seen.vpnClient(), DONE, seen.toUnified(), seen.probe());
                case NONE, REFUSE, SKIP -> null;
            };
            if (seen == null) {
                return steps;
            }
        }
    }

    private static Seen with(Seen seen, Probe probe) {
        return new Seen(seen.vpnClient(), seen.apiServerProxy(), seen.toUnified(), probe);
    }
}
