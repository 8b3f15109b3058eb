package io.moongate.operator.seed;

import io.moongate.model.problem.Advice;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a pass would do now.
 *
 * @param changes what would be written; with {@code Observe}, what their owner has to write
 * @param observed whether some of these changes are their owner's
 * @param drains what of it would end tunnels, and where
 * @param waits what is done later, and when
 * @param problems what could not be done, and why
 * @param advice what of another owner's objects is weaker than planned, or cannot be judged
 */
public record Preview(
        List<Applier.Change> changes,
        boolean observed,
        List<String> drains,
        List<String> waits,
        List<Problem> problems,
        List<Advice> advice) {
    /** What others have to do first, and what nobody can say. */
    private static final Set<Problem.Code> OPEN = Set.of(
            Problem.Code.OWNER_MUST_ACT,
            Problem.Code.OWNED_BY_ANOTHER,
            Problem.Code.NO_INGRESS_GATEWAY,
            Problem.Code.UNKNOWN_SEED,
            Problem.Code.WATCH_INCOMPLETE);

    /** Where nothing drains tunnels. */
    public Preview(List<Applier.Change> changes) {
        this(changes, false, List.of(), List.of(), List.of(), List.of());
    }

    /** Whether something is missing that the operator does not make good by itself. */
    public boolean isSomethingMissing() {
        return observed || problems.stream().anyMatch(problem -> OPEN.contains(problem.code()));
    }

    /** This and more. */
    Preview and(Preview more) {
        return new Preview(
                joined(changes, more.changes),
                observed || more.observed,
                joined(drains, more.drains),
                joined(waits, more.waits),
                joined(problems, more.problems),
                joined(advice, more.advice));
    }

    /** With all problems. */
    public Preview with(List<Problem> all) {
        return new Preview(changes, observed, drains, waits, all, advice);
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
