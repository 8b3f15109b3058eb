package io.moongate.operator.shoots;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Components;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Reason;
import io.moongate.model.landscape.Shoot;
import io.moongate.plan.condition.ConditionRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shoot over time: looks at its components when it is due, judges, writes what has changed. One check at a time; what
 * fails is tried again after a while that grows, and holds up no other shoot.
 */
final class ShootWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ShootWatch.class);
    /** While something may change soon, and when all is as it should be; half of that again as jitter. */
    private static final Duration MOVING = Duration.ofSeconds(4);

    private static final Duration SETTLED = Duration.ofSeconds(40);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    private final ShootAccess access;
    private final ConditionWriter writer;
    private final Events events;
    private final ShootObserver observer = new ShootObserver();
    private volatile Target target;
    private volatile Instant due = Instant.MIN;
    private @Nullable Instant unreachableSince;
    private Optional<Instant> lastProgress = Optional.empty();
    private long arrived = -1;
    private int failures;
    private String lastFailure = "";

    /**
     * What the plan says of the shoot.
     *
     * @param wanted whether its clients are to use the unified port
     */
    record Target(Shoot shoot, boolean wanted, int unifiedPort) {
        /** Neither on the way nor back: nobody asks anything of such a shoot. */
        boolean isIdle() {
            boolean nothing = shoot.adoption().condition().isEmpty()
                    && shoot.adoption().constraint().isEmpty();
            return nothing && (!wanted || shoot.traits().workerless());
        }
    }

    ShootWatch(ShootAccess access, ConditionWriter writer, Events events, Target target) {
        this.access = access;
        this.writer = writer;
        this.events = events;
        this.target = target;
    }

    /** Something about it is different: look soon. */
    void update(Target next) {
        Target before = target;
        target = next;
        boolean other = before.wanted() != next.wanted()
                || before.shoot().traits().lifecycle() != next.shoot().traits().lifecycle();
        if (other && !due.equals(Instant.MAX)) {
            due = Instant.MIN;
        }
    }

    boolean isDue(Instant now) {
        return !target.isIdle() && !now.isBefore(due);
    }

    Target target() {
        return target;
    }

    /** Nobody else checks it until {@link #check} is over. */
    void claim() {
        due = Instant.MAX;
    }

    /** Returns when the check is over; never throws. */
    void check() {
        Target checked = target;
        Instant now = Instant.now();
        Adoption before = checked.shoot().adoption();
        try {
            Components components = needsLook(checked) ? look(checked, now) : new Components.Unreachable(now);
            noteProgress(components, before, now);
            var seen = new ConditionRules.Observation(
                    checked.shoot().traits().workerless(),
                    checked.wanted(),
                    checked.shoot().traits().lifecycle(),
                    components,
                    lastProgress);
            Adoption after = ConditionRules.judge(before, seen, now);
            if (!after.equals(before)) {
                writer.write(checked.shoot().key(), after);
                events.tell(checked.shoot().key(), before, after);
                LOG.info("{}: {}", checked.shoot().key(), describe(after));
            }
            boolean settled = after.isTrue() && checked.wanted();
            schedule(unreachableSince == null ? 0 : failures + 1, settled ? SETTLED : MOVING);
        } catch (KubernetesClientException e) {
            fail(checked, "its condition could not be written: " + e.getMessage());
            schedule(failures + 1, MOVING);
        }
    }

    private static boolean needsLook(Target target) {
        return !target.shoot().traits().workerless() && target.shoot().traits().lifecycle() == Lifecycle.ACTIVE;
    }

    private Components look(Target target, Instant now) {
        String technicalId = target.shoot().technicalId().orElse("");
        try (KubernetesClient client = access.open(technicalId)) {
            Components.Seen seen = observer.look(client, target.shoot(), target.unifiedPort(), now);
            unreachableSince = null;
            lastFailure = "";
            return seen;
        } catch (ShootAccess.Unavailable | KubernetesClientException e) {
            fail(target, "it cannot be looked at: " + e.getMessage());
            if (unreachableSince == null) {
                unreachableSince = now;
            }
            return new Components.Unreachable(unreachableSince);
        }
    }

    /** Once for each new failure: a shoot that is away for a day must not fill the log. */
    private void fail(Target target, String why) {
        if (!why.equals(lastFailure)) {
            LOG.warn("{}: {}", target.shoot().key(), why);
            lastFailure = why;
        }
    }

    /** After a restart the last update of a condition that counted pods is the best that is known. */
    private void noteProgress(Components components, Adoption before, Instant now) {
        if (!(components instanceof Components.Seen(List<Components.Pod> pods))) {
            return;
        }
        long count = pods.stream().filter(p -> p.unified() && p.wasReady()).count();
        if (arrived < 0) {
            lastProgress = before.condition()
                    .filter(c -> c.reason() == Reason.Progressing || c.reason() == Reason.RolloutStalled)
                    .map(Condition::lastUpdateTime);
        } else if (count > arrived) {
            lastProgress = Optional.of(now);
        }
        arrived = count;
    }

    private void schedule(int failed, Duration pause) {
        failures = failed;
        long longest = Math.min(LONGEST_BACK_OFF.toMillis(), pause.toMillis() << Math.min(failed, 4));
        due = Instant.now().plusMillis(longest + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    private static String describe(Adoption adoption) {
        return Condition.TYPE + " "
                + adoption.condition()
                        .map(c -> c.status() + " " + c.reason() + ", " + c.message())
                        .orElse("removed");
    }
}
