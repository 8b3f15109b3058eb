package io.moongate.plan.condition;

import static io.moongate.model.condition.Condition.Status.False;
import static io.moongate.model.condition.Condition.Status.True;
import static io.moongate.model.condition.Condition.Status.Unknown;

import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Components;
import io.moongate.model.condition.Components.Pod;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Declaration;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.condition.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** CONTRACT's table of the condition and the constraint, row by row. */
public final class ConditionRules {
    /** So long pods may be not Ready, or an API server away, before that is said. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    /** So long a rollout may stand still. */
    public static final Duration STALL = Duration.ofMinutes(10);

    private final Adoption before;
    private final Observation seen;
    private final Instant now;

    private ConditionRules(Adoption before, Observation seen, Instant now) {
        this.before = before;
        this.seen = seen;
        this.now = now;
    }

    /**
     * What is known of one shoot.
     *
     * @param wanted whether its clients are to use the unified port: the gate, or the shoot's own word
     * @param owner whether another deploys its clients; what is seen is then reported whatever the gate says
     * @param declared the constraint that the owner has written, if it is True
     * @param lastProgress when a pod was last seen to have taken the unified configuration, or the rollout to have
     *     begun; empty: not begun
     * @param halted why the shoot is kept on, or returned to, the legacy port
     */
    public record Observation(
            boolean workerless,
            boolean wanted,
            boolean owner,
            Optional<Declaration> declared,
            Lifecycle lifecycle,
            Components components,
            Optional<Instant> lastProgress,
            Optional<String> halted) {}

    public static Adoption judge(Adoption before, Observation seen, Instant now) {
        return new ConditionRules(before, seen, now).judge();
    }

    private Adoption judge() {
        if (seen.workerless()) {
            return Adoption.ABSENT;
        }
        if (!seen.wanted() && !seen.owner()) {
            return goingBack();
        }
        if (!seen.wanted() && seen.declared().isEmpty()) {
            return unasked();
        }
        return byWhatIsSeen();
    }

    private Adoption byWhatIsSeen() {
        if (seen.lifecycle() != Lifecycle.ACTIVE) {
            boolean nothingToSay =
                    before.condition().isEmpty() && seen.declared().isPresent();
            return before.isTrue() || nothingToSay
                    ? before
                    : say(Unknown, reasonOf(seen.lifecycle()), sentence(seen.lifecycle()));
        }
        return switch (seen.components()) {
            case Components.Unreachable unreachable -> unreachable(unreachable);
            case Components.Seen pods -> byPods(pods.all());
        };
    }

    /** Its owner has declared nothing, and no gate asks for anything: only a shoot that has begun is reported. */
    private Adoption unasked() {
        if (seen.lifecycle() == Lifecycle.ACTIVE && seen.components() instanceof Components.Seen(List<Pod> pods)) {
            return pods.stream().anyMatch(Pod::unified) ? byPods(pods) : Adoption.ABSENT;
        }
        return before.condition().isPresent() ? byWhatIsSeen() : Adoption.ABSENT;
    }

    /** Before all else, so that nothing stays True after the gate is off (upstream's bug 13844). */
    private Adoption goingBack() {
        if (before.condition().isEmpty()) {
            return Adoption.ABSENT;
        }
        if (seen.components() instanceof Components.Seen(List<Pod> pods)
                && seen.lifecycle() == Lifecycle.ACTIVE
                && pods.stream().noneMatch(Pod::unified)) {
            return Adoption.ABSENT;
        }
        return without(say(
                False,
                Reason.Reverting,
                "the shoot is not to use the unified port any more; its components are going back"));
    }

    private Adoption unreachable(Components.Unreachable unreachable) {
        if (now.isBefore(unreachable.since().plus(PATIENCE))) {
            return before.condition().isPresent() ? before : notSeen();
        }
        return say(
                Unknown, Reason.Unreachable, "the shoot's API server cannot be reached since " + unreachable.since());
    }

    private Adoption byPods(List<Pod> pods) {
        if (pods.isEmpty()) {
            // Nothing that counts can be seen: that proves nothing either way.
            return before.condition().isPresent() ? before : notSeen();
        }
        Optional<Pod> old = first(pods, p -> !p.unified());
        if (old.isPresent() && hasDrifted()) {
            return without(say(
                    False, Reason.Drifted, describe(old.get()) + " has the configuration of the legacy port again"));
        }
        if (wasTrue()) {
            return allThere(pods);
        }
        long arrived = pods.stream().filter(ConditionRules::arrived).count();
        if (arrived == pods.size()) {
            return allThere(pods);
        }
        return underWay(pods, arrived);
    }

    private boolean hasDrifted() {
        boolean drifted =
                before.condition().filter(c -> c.reason() == Reason.Drifted).isPresent();
        return wasTrue() || drifted;
    }

    /** Where the constraint is the owner's, the condition itself has to remember it. */
    private boolean wasTrue() {
        return before.wasTrue()
                || before.condition()
                        .filter(c -> c.reason() == Reason.ComponentsNotReady)
                        .isPresent();
    }

    private static boolean arrived(Pod pod) {
        return pod.unified() && pod.wasReady();
    }

    /** All pods have the unified configuration; whoever was True stays so while a new pod becomes Ready. */
    private Adoption allThere(List<Pod> pods) {
        Optional<Pod> away = first(
                pods,
                p -> p.notReadySince()
                        .filter(since -> !now.isBefore(since.plus(PATIENCE)))
                        .isPresent());
        if (away.isPresent() && wasTrue()) {
            return say(
                    Unknown,
                    Reason.ComponentsNotReady,
                    describe(away.get()) + " is not Ready since "
                            + away.get().notReadySince().orElseThrow());
        }
        String message = "all " + pods.size() + " pods have the unified configuration";
        return new Adoption(
                entry(before.condition(), True, Reason.ComponentsUseUnifiedPort, message),
                seen.declared().isPresent()
                        ? Optional.empty()
                        : entry(
                                before.constraint(),
                                True,
                                Reason.ComponentsUseUnifiedPort,
                                "the shoot uses the unified port"));
    }

    private Adoption underWay(List<Pod> pods, long arrived) {
        if (seen.halted().isPresent()) {
            return say(
                    False,
                    arrived == 0 ? Reason.Pending : Reason.RolloutStalled,
                    "the shoot uses the legacy port: " + seen.halted().get());
        }
        if (seen.lastProgress().isEmpty() && arrived == 0 && seen.declared().isEmpty()) {
            return pending();
        }
        Instant progress = seen.lastProgress()
                .or(() -> seen.declared().flatMap(Declaration::since))
                .orElse(now);
        Pod missing = first(pods, p -> !arrived(p)).orElseThrow();
        if (!now.isBefore(progress.plus(STALL))) {
            return say(
                    False,
                    Reason.RolloutStalled,
                    "no progress since " + progress + "; next would be " + describe(missing));
        }
        return say(
                False,
                Reason.Progressing,
                arrived + " of " + pods.size() + " pods have the unified configuration; next is "
                        + missing.component());
    }

    /** Begins at what is declared: nothing is said against it before somebody has looked. */
    private Adoption notSeen() {
        return seen.declared().isPresent() || !seen.wanted() ? before : pending();
    }

    private Adoption pending() {
        return say(False, Reason.Pending, "the shoot is to use the unified port; the move has not begun");
    }

    /** The condition says so; the constraint is as it was. */
    private Adoption say(Condition.Status status, Reason reason, String message) {
        return new Adoption(entry(before.condition(), status, reason, message), before.constraint());
    }

    private static Adoption without(Adoption verdict) {
        return new Adoption(verdict.condition(), Optional.empty());
    }

    /** The entry that is there, if it says this already: then nothing is written. */
    private Optional<Condition> entry(
            Optional<Condition> known, Condition.Status status, Reason reason, String message) {
        if (known.filter(c -> c.says(status, reason, message)).isPresent()) {
            return known;
        }
        Instant transition = known.filter(c -> c.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        return Optional.of(new Condition(status, reason, message, transition, now));
    }

    private static Optional<Pod> first(List<Pod> pods, Predicate<Pod> which) {
        return pods.stream().filter(which).findFirst();
    }

    private static String describe(Pod pod) {
        return pod.component() + " on node " + pod.node() + " (" + pod.name() + ")";
    }

    private static Reason reasonOf(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case HIBERNATED -> Reason.Hibernated;
            case IGNORED -> Reason.Ignored;
            case DELETING -> Reason.Deleting;
            case MIGRATING -> Reason.Migrating;
            case ACTIVE -> throw new IllegalArgumentException("an active shoot has no such reason");
        };
    }

    private static String sentence(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case HIBERNATED -> "the shoot is hibernated: its components do not run";
            case IGNORED -> "the shoot is ignored";
            case DELETING -> "the shoot is being deleted";
            case MIGRATING -> "the shoot's control plane is moving to another seed";
            case ACTIVE -> throw new IllegalArgumentException("an active shoot is judged by its components");
        };
    }
}
