package io.moongate.operator.shoots;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Components;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Reason;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.shoots.move.ShootMove;
import io.moongate.operator.shoots.status.ConditionWriter;
import io.moongate.plan.condition.ConditionRules;
import io.moongate.plan.rollout.MoveRules.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shoot over time: when it is due, looks at its components → decides the next step of its move → judges and writes
 * the condition → takes the step. One check at a time; what fails is tried again after a while that grows, and holds up
 * no other shoot.
 */
final class ShootWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ShootWatch.class);
    /** While something may change soon; half of that again as jitter. */
    private static final Duration MOVING = Duration.ofSeconds(4);

    private static final Duration STEPPING = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    private final Surroundings around;
    private final ShootMove move;
    private final ShootObserver observer = new ShootObserver();
    private final Progress progress = new Progress();
    private volatile Target target;
    private volatile Instant due = Instant.MIN;
    private volatile Optional<Problem> problem = Optional.empty();
    private @Nullable Instant unreachableSince;
    private volatile Optional<Written> written = Optional.empty();
    private int failures;
    private String lastFailure = "";

    /** A write of the status: what it said before, and says since. */
    private record Written(Adoption before, Adoption after) {}

    /**
     * What all shoots share.
     *
     * @param settled how long a shoot may go unseen when all is as it should be
     * @param changed called when there is another problem than before
     */
    record Surroundings(
            ShootAccess access, ConditionWriter writer, Events events, Supplier<Duration> settled, Runnable changed) {}

    /** What the plan says of the shoot. */
    record Target(Shoot shoot, ShootPlan plan, MoongateConfiguration configuration) {
        /** Whether its clients are to use the unified port. */
        boolean wanted() {
            return plan.entrance() == Entrance.UNIFIED;
        }

        boolean isManaged() {
            return configuration.ownership().shoots() == Ownership.Mode.Manage;
        }

        int unifiedPort() {
            return configuration.gateway().listeners().unified().port();
        }

        /** It has no components, and nothing is to be said of it. What an owner deploys is observed whatever the gate says. */
        boolean isIdle() {
            boolean nothing = shoot.adoption().condition().isEmpty()
                    && shoot.adoption().constraint().isEmpty();
            return nothing && shoot.traits().workerless();
        }

        /** The owner's word, where it is True. */
        Optional<Declaration> declared() {
            return shoot.declared().anothersConstraint().filter(Declaration::isTrue);
        }

        /** Whether something else is to be than before; what its status says is not asked. */
        boolean asksForMore(Target before) {
            return !plan.equals(before.plan)
                    || !configuration.equals(before.configuration)
                    || !declared().equals(before.declared())
                    || shoot.traits().lifecycle() != before.shoot.traits().lifecycle();
        }

        boolean isAwake() {
            return !shoot.traits().workerless() && shoot.traits().lifecycle() == Lifecycle.ACTIVE;
        }
    }

    ShootWatch(Surroundings around, ShootMove move, Target target) {
        this.around = around;
        this.move = move;
        this.target = target;
    }

    /** Something about it is different: look soon. */
    void update(Target next) {
        Target before = target;
        target = next;
        if (next.asksForMore(before)) {
            hurry();
        }
    }

    /** Look soon, unless somebody looks now. */
    void hurry() {
        if (!due.equals(Instant.MAX)) {
            due = Instant.MIN;
        }
    }

    boolean isDue(Instant now) {
        return !target.isIdle() && !now.isBefore(due);
    }

    Instant due() {
        return due;
    }

    Target target() {
        return target;
    }

    Optional<Problem> problem() {
        return problem;
    }

    /** Nobody else checks it until {@link #check} is over. */
    void claim() {
        due = Instant.MAX;
    }

    /** Returns when the check is over; never throws. */
    void check() {
        Target checked = target;
        Duration pause = MOVING;
        boolean well = false;
        try {
            Instant now = Instant.now();
            if (checked.isAwake()) {
                pause = lookAndMove(checked, now);
                well = unreachableSince == null;
            } else {
                move.rest();
                well = judge(checked, new Components.Unreachable(now), Optional.empty(), now);
                pause = around.settled().get();
            }
        } catch (RuntimeException | Error e) {
            // An Error, too, costs this check and no more: a shoot that is never due again is one that nobody sees.
            fail(checked, "the check failed: " + e, Optional.empty());
            LOG.debug("{}", checked.shoot().key(), e);
        }
        schedule(well ? 0 : failures + 1, pause);
        if (target.asksForMore(checked)) {
            hurry();
        }
    }

    /** Gives the time until the next look. */
    private Duration lookAndMove(Target checked, Instant now) {
        String technicalId = checked.shoot().technicalId().orElse("");
        try (KubernetesClient client = around.access().open(technicalId)) {
            ShootObserver.Look look = observer.look(client, checked.shoot(), checked.unifiedPort(), now);
            unreachableSince = null;
            return checked.isManaged() ? step(client, checked, look, now) : observe(checked, look, now);
        } catch (ShootAccess.Unavailable | KubernetesClientException e) {
            fail(checked, "it cannot be looked at: " + e.getMessage(), Optional.empty());
            Instant since = unreachableSince == null ? now : unreachableSince;
            unreachableSince = since;
            move.away(checked.configuration(), since, now);
            judge(checked, new Components.Unreachable(since), Optional.empty(), now);
            return MOVING;
        }
    }

    private Duration observe(Target checked, ShootObserver.Look look, Instant now) {
        progress.note(look.seen(), adoption(checked), now);
        if (!checked.wanted() && checked.declared().isEmpty()) {
            progress.stop();
        }
        judge(checked, look.seen(), Optional.empty(), now);
        wellAgain();
        Optional<Condition> condition = adoption(checked).condition();
        boolean rests = condition.isEmpty() || adoption(checked).isTrue();
        return rests ? around.settled().get() : MOVING;
    }

    private Duration step(KubernetesClient client, Target checked, ShootObserver.Look look, Instant now) {
        progress.note(look.seen(), adoption(checked), now);
        ShootMove.Next next;
        try {
            next = move.decide(client, checked.plan(), checked.configuration(), look.seen(), progress.last(), now);
        } catch (ShootMove.NotOurs e) {
            tell(
                    checked,
                    Problem.Code.OWNED_BY_ANOTHER,
                    String.valueOf(e.getMessage()),
                    "let its owner move it, or remove it");
            judge(checked, look.seen(), Optional.empty(), now);
            return MOVING;
        }
        if (next.begins()) {
            progress.begin(now);
        } else if (next.step() == Step.NONE || !checked.wanted()) {
            // Nothing is under way: what comes later is not late because of what was long ago.
            progress.stop();
        }
        boolean told = judge(checked, look.seen(), next.halted(), now);
        if (!told) {
            return MOVING;
        }
        try {
            move.carryOut(client, next, checked.configuration(), look.mounted(), now);
            wellAgain();
        } catch (KubernetesClientException e) {
            tell(
                    checked,
                    Problem.Code.APPLY_FAILED,
                    next.step() + " failed: " + e.getMessage(),
                    "see the shoot's API server");
            return MOVING;
        }
        boolean resting = next.step() == Step.NONE && (isSettled(checked) || !checked.wanted());
        return next.step() != Step.NONE ? STEPPING : resting ? around.settled().get() : MOVING;
    }

    /** Whether it is to use the unified port, does not, and only its owner can change that. */
    boolean waitsForItsOwner() {
        Target now = target;
        return now.wanted()
                && !now.isManaged()
                && now.isAwake()
                && now.declared().isEmpty()
                && !adoption(now).isTrue();
    }

    private boolean isSettled(Target checked) {
        return adoption(checked).isTrue() && checked.wanted();
    }

    /** What its status says; what was written last, as long as the watch has not told anything else since. */
    private Adoption adoption(Target checked) {
        Adoption told = checked.shoot().adoption();
        return written.filter(w -> w.before().equals(told)).map(Written::after).orElse(told);
    }

    /** Writes what has changed; false when that was not possible. */
    private boolean judge(Target checked, Components components, Optional<String> halted, Instant now) {
        Adoption before = adoption(checked);
        if (checked.shoot().declared().anothersCondition().isPresent()) {
            // Another writes the condition of this shoot: a second author would only contradict it.
            return true;
        }
        var seen = new ConditionRules.Observation(
                checked.shoot().traits().workerless(),
                checked.wanted(),
                !checked.isManaged(),
                checked.declared(),
                checked.shoot().traits().lifecycle(),
                components,
                progress.last(),
                halted);
        Adoption after = ConditionRules.judge(before, seen, now);
        if (after.equals(before)) {
            return true;
        }
        try {
            around.writer().write(checked.shoot().key(), after);
        } catch (KubernetesClientException e) {
            fail(checked, "its condition could not be written: " + e.getMessage(), Optional.empty());
            return false;
        }
        written = Optional.of(new Written(checked.shoot().adoption(), after));
        around.events().tell(checked.shoot().key(), before, after);
        LOG.atInfo().addKeyValue("shoot", checked.shoot().key()).log("{}", describe(after));
        return true;
    }

    private void wellAgain() {
        lastFailure = "";
        if (problem.isPresent()) {
            problem = Optional.empty();
            around.changed().run();
        }
    }

    private void tell(Target about, Problem.Code code, String what, String remedy) {
        var ref = new ObjectRef(
                "Shoot", about.shoot().key().namespace(), about.shoot().key().name());
        fail(about, what, Optional.of(Problem.of(code, ref, what, remedy)));
    }

    /** Once for each new failure: a shoot that is away for a day must not fill the log. */
    private void fail(Target about, String why, Optional<Problem> told) {
        if (!why.equals(lastFailure)) {
            LOG.atWarn().addKeyValue("shoot", about.shoot().key()).log("{}", why);
            lastFailure = why;
        }
        if (told.isPresent() && !told.equals(problem)) {
            problem = told;
            around.changed().run();
        }
    }

    private void schedule(int failed, Duration pause) {
        failures = failed;
        long longest = failed == 0
                ? pause.toMillis()
                : Math.min(LONGEST_BACK_OFF.toMillis(), pause.toMillis() << Math.min(failed, 4));
        due = Instant.now().plusMillis(longest + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    private static String describe(Adoption adoption) {
        return Condition.TYPE + " "
                + adoption.condition()
                        .map(c -> c.status() + " " + c.reason() + ", " + c.message())
                        .orElse("removed");
    }

    /** When the move last came forward. */
    private static final class Progress {
        private Optional<Instant> last = Optional.empty();
        private long arrived = -1;

        Optional<Instant> last() {
            return last;
        }

        /** After a restart the last update of a condition that counted pods is the best that is known. */
        void note(Components.Seen seen, Adoption before, Instant now) {
            long count =
                    seen.all().stream().filter(p -> p.unified() && p.wasReady()).count();
            if (arrived < 0) {
                last = before.condition()
                        .filter(c -> c.reason() == Reason.Progressing || c.reason() == Reason.RolloutStalled)
                        .map(Condition::lastUpdateTime);
            } else if (count > arrived) {
                last = Optional.of(now);
            }
            arrived = count;
        }

        void begin(Instant now) {
            last = Optional.of(now);
        }

        void stop() {
            last = Optional.empty();
        }
    }
}
