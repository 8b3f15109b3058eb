package io.moongate.operator.shoots.move;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.manifest.file.OutputFolder;
import io.moongate.model.condition.Components;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ShootPlan;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Contested;
import io.moongate.plan.rollout.MoveRules;
import io.moongate.plan.rollout.MoveRules.Step;
import io.moongate.plan.translate.shoot.ShootObjects;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one shoot's components to where they should be, a step at each look. A step is decided first, told in the
 * condition second and carried out third: whoever takes over after a crash knows which shoots were on their way.
 */
public final class ShootMove {
    private static final Logger LOG = LoggerFactory.getLogger(ShootMove.class);
    /** A shoot in which no probe could run is asked again after so long. */
    private static final Duration NEXT_PROBE = Duration.ofMinutes(10);

    private final ShootKey key;
    private final Moves moves;
    private final Applier.Writes writes;
    private final Contested contested = new Contested();
    private final Probing probing = new Probing();
    private Instant noProbeBefore = Instant.MIN;
    private boolean leftovers = true;

    public ShootMove(ShootKey key, Moves moves, Applier.Writes writes) {
        this.key = key;
        this.moves = moves;
        this.writes = writes;
    }

    /**
     * What is to be done.
     *
     * @param begins whether tunnels that are up are about to be moved
     * @param halted why the shoot is not on the unified port although it should be
     */
    public record Next(Step step, boolean begins, Optional<String> halted, ShootPlan plan, ShootObjects objects) {}

    /** A component belongs to somebody else. */
    public static final class NotOurs extends Exception {
        private static final long serialVersionUID = 1;

        NotOurs(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Decides; writes nothing in the shoot.
     *
     * @param plan on the port that the shoot is to use
     * @param lastProgress since when nothing has moved; empty: not begun
     */
    public Next decide(
            KubernetesClient client,
            ShootPlan plan,
            MoongateConfiguration configuration,
            Components.Seen seen,
            Optional<Instant> lastProgress,
            Instant now)
            throws NotOurs {
        boolean wanted = plan.entrance() == Entrance.UNIFIED;
        if (!wanted) {
            moves.forget(key);
        } else {
            giveUpIfOverdue(configuration, lastProgress, now);
        }
        Optional<String> failure = moves.failure(key);
        boolean unified = wanted && failure.isEmpty();
        var listeners = configuration.gateway().listeners();
        ShootPlan actual =
                unified ? plan : plan.using(Entrance.LEGACY, listeners.legacy().port());
        var objects = ShootObjects.of(actual, configuration.components(), OutputFolder::render);
        var workloads = new Workloads(client, listeners.unified().port(), contested, writes);
        MoveRules.Seen parts;
        try {
            parts = new MoveRules.Seen(
                    workloads.vpnClient(objects.vpnClient(), unified),
                    workloads.apiServerProxy(objects.apiServerProxy(), unified, seen),
                    unified,
                    probing.look(client, configuration.rollout().probeTimeout(), now));
        } catch (Workloads.Foreign e) {
            throw new NotOurs(String.valueOf(e.getMessage()), e);
        }
        Step step = MoveRules.next(parts, configuration.rollout().onUnprobed());
        return admit(step, parts, new Next(step, false, failure, actual, objects), now);
    }

    private void giveUpIfOverdue(MoongateConfiguration configuration, Optional<Instant> lastProgress, Instant now) {
        Duration deadline = configuration.rollout().progressDeadline();
        boolean overdue = lastProgress
                .filter(since -> !now.isBefore(since.plus(deadline)))
                .isPresent();
        if (overdue && moves.isUnderWay(key) && moves.failure(key).isEmpty()) {
            moves.fail(key, "no progress since " + lastProgress.orElseThrow());
        }
    }

    /** Whether the step may be taken now, beside all other shoots. */
    private Next admit(Step step, MoveRules.Seen parts, Next next, Instant now) {
        return switch (step) {
            case NONE -> {
                moves.end(key);
                probing.reset();
                yield next;
            }
            case REFUSE -> {
                moves.fail(key, "the probe in the shoot could not open a tunnel through the unified port");
                probing.reset();
                yield standStill(next, moves.failure(key));
            }
            case SKIP -> {
                moves.end(key);
                probing.reset();
                noProbeBefore = now.plus(NEXT_PROBE);
                yield standStill(next, Optional.of("no probe of the unified port could run in the shoot"));
            }
            default -> {
                if (step == Step.START_PROBE && now.isBefore(noProbeBefore)) {
                    yield standStill(next, Optional.of("no probe of the unified port could run in the shoot"));
                }
                boolean under = moves.isUnderWay(key);
                if (parts.isMove() && !moves.begin(key, parts.toUnified())) {
                    yield standStill(next, next.halted());
                }
                boolean begins = step.writes() && parts.isMove() && parts.toUnified();
                if (!under && parts.isMove()) {
                    LOG.atInfo().addKeyValue("shoot", key).log("its turn to move: {}", step);
                }
                yield new Next(step, begins, next.halted(), next.plan(), next.objects());
            }
        };
    }

    private static Next standStill(Next next, Optional<String> why) {
        return new Next(Step.NONE, false, why, next.plan(), next.objects());
    }

    /** @param mounted names of the ConfigMaps that pods use */
    public void carryOut(
            KubernetesClient client, Next next, MoongateConfiguration configuration, Set<String> mounted, Instant now) {
        int unifiedPort = configuration.gateway().listeners().unified().port();
        var workloads = new Workloads(client, unifiedPort, contested, writes);
        switch (next.step()) {
            case START_PROBE -> {
                LOG.atInfo().addKeyValue("shoot", key).log("the unified port is probed from the shoot");
                probing.start(client, next.plan(), configuration, now);
            }
            case APPLY_VPN_CLIENT -> apply(workloads, next.objects().vpnClient(), next.plan());
            case APPLY_API_SERVER_PROXY -> apply(workloads, next.objects().apiServerProxy(), next.plan());
            case NONE -> {
                if (leftovers && next.halted().isEmpty() && !moves.isUnderWay(key)) {
                    leftovers = !workloads.removeLeftovers(next.objects(), mounted);
                }
            }
            default -> {
                // A wait.
            }
        }
    }

    private void apply(Workloads workloads, Optional<ShootObjects.Component> component, ShootPlan plan) {
        component.ifPresent(c -> {
            LOG.atInfo()
                    .addKeyValue("shoot", key)
                    .log("{} for the {} port", c.workload(), plan.entrance().label());
            workloads.apply(c);
            leftovers = true;
        });
    }

    /** The shoot cannot be looked at: its place is not kept for longer than a move may stand still. */
    public void away(MoongateConfiguration configuration, Instant since, Instant now) {
        Duration deadline = configuration.rollout().progressDeadline();
        if (moves.isUnderWay(key) && !now.isBefore(since.plus(deadline))) {
            if (moves.failure(key).isEmpty()) {
                moves.fail(key, "its API server cannot be reached since " + since);
            }
            moves.end(key);
        }
    }

    /** Nothing is to be moved now: hibernated, deleted, or ignored. */
    public void rest() {
        moves.end(key);
        probing.reset();
    }
}
