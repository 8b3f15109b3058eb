package io.moongate.plan.rollout;

import io.moongate.model.config.RolloutSettings.Unprobed;
import java.util.Optional;

/**
 * The order in which a shoot's components change, decided anew from what is seen at each look, so that it goes on where
 * it was after any interruption: probe the port → VPN client → all its pods Ready → API server proxy → all its pods
 * Ready. One component at a time; the VPN client first also on the way back.
 */
public final class MoveRules {
    private MoveRules() {}

    /** One component in its cluster, compared with what it should be. */
    public enum Part {
        /** There is none to be. */
        NOT_NEEDED,
        /** Nothing runs: it can be installed at once, there is nobody to cut off. */
        ABSENT,
        /** It runs with the configuration of the other port. */
        ON_OTHER_PORT,
        /** It uses the right port and differs otherwise. */
        DIFFERENT,
        /** As it should be, and not all its pods are Ready with it. */
        ROLLING,
        DONE
    }

    /** What is known of the unified port as seen from the shoot. */
    public enum Probe {
        NOT_STARTED,
        RUNNING,
        PASSED,
        FAILED,
        /** It could not run. */
        IMPOSSIBLE
    }

    /**
     * What is seen of one shoot.
     *
     * @param toUnified whether the unified port is where it is to go; the way back is not probed
     */
    public record Seen(Part vpnClient, Part apiServerProxy, boolean toUnified, Probe probe) {
        /** Whether tunnels that are up would have to be set up anew on another port. */
        public boolean isMove() {
            return vpnClient == Part.ON_OTHER_PORT || apiServerProxy == Part.ON_OTHER_PORT;
        }

        /** Half of it is on the new port already: going on is the shorter way to one port for all. */
        boolean hasBegun() {
            return vpnClient == Part.ROLLING || vpnClient == Part.DONE;
        }
    }

    /** What is to be done next. */
    public enum Step {
        START_PROBE,
        AWAIT_PROBE,
        /** The probe says no: the shoot stays where it is. */
        REFUSE,
        /** There was no probe, and without one it is not moved. */
        SKIP,
        APPLY_VPN_CLIENT,
        AWAIT_VPN_CLIENT,
        APPLY_API_SERVER_PROXY,
        AWAIT_API_SERVER_PROXY,
        NONE;

        /** Whether it changes what runs in the shoot. */
        public boolean writes() {
            return this == APPLY_VPN_CLIENT || this == APPLY_API_SERVER_PROXY;
        }
    }

    public static Step next(Seen seen, Unprobed onUnprobed) {
        if (seen.isMove() && seen.toUnified() && !seen.hasBegun()) {
            Optional<Step> first = switch (seen.probe()) {
                case NOT_STARTED -> Optional.of(Step.START_PROBE);
                case RUNNING -> Optional.of(Step.AWAIT_PROBE);
                case FAILED -> Optional.of(Step.REFUSE);
                case IMPOSSIBLE -> onUnprobed == Unprobed.Skip ? Optional.of(Step.SKIP) : Optional.empty();
                case PASSED -> Optional.empty();
            };
            if (first.isPresent()) {
                return first.get();
            }
        }
        return switch (seen.vpnClient()) {
            case ABSENT, ON_OTHER_PORT, DIFFERENT -> Step.APPLY_VPN_CLIENT;
            case ROLLING -> Step.AWAIT_VPN_CLIENT;
            case NOT_NEEDED, DONE ->
                switch (seen.apiServerProxy()) {
                    case ABSENT, ON_OTHER_PORT, DIFFERENT -> Step.APPLY_API_SERVER_PROXY;
                    case ROLLING -> Step.AWAIT_API_SERVER_PROXY;
                    case NOT_NEEDED, DONE -> Step.NONE;
                };
        };
    }
}
