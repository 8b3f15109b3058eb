package io.moongate.model.problem;

import io.moongate.model.config.MoongateConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects problems, keeps a limited number of them, and counts the others: whoever writes the input must not decide
 * how much of the log, the memory and {@code /config} they take. What is left out ends as one problem for the errors
 * and one for all else, so that an error among many is an error still. Not safe for several threads.
 */
public final class BoundedProblems {
    public static final int OF_OBJECT = 20;
    public static final int OF_FILE = 100;
    /** In a snapshot, in a plan, in what is reported. */
    public static final int IN_ALL = 1_000;

    private final int most;
    private final String whole;
    private final Optional<Place> place;
    private final List<Problem> kept = new ArrayList<>();
    private final Map<Rank, Integer> keptOfRank = new EnumMap<>(Rank.class);
    private long errorsLeftOut;
    private long othersLeftOut;

    /** Who stays when not all can, first to last. */
    private enum Rank {
        /** About the process or the input as a whole: few by nature, and some are the reason of all others. */
        GENERAL,
        /** Decides whether a process may start, or waits for a person. */
        DECISIVE,
        ERROR,
        OTHER,
        LEFT_OUT;

        private static Rank of(Problem problem) {
            if (problem.leftOut() > 0) {
                return LEFT_OUT;
            }
            if (problem.object().isEmpty() && problem.place().isEmpty()) {
                return GENERAL;
            }
            boolean error = problem.isError();
            boolean configuration = problem.object()
                    .filter(object -> object.kind().equals(MoongateConfiguration.KIND))
                    .isPresent();
            if (error && configuration
                    || problem.code() == Problem.Code.SOURCE_AWAY
                    || problem.code().severity() == Problem.Severity.HELD) {
                return DECISIVE;
            }
            return error ? ERROR : OTHER;
        }
    }

    private BoundedProblems(int most, String whole, Optional<Place> place) {
        this.most = most;
        this.whole = whole;
        this.place = place;
    }

    public static BoundedProblems ofObject(Place place) {
        return new BoundedProblems(OF_OBJECT, "of this object", Optional.of(place));
    }

    public static BoundedProblems ofFile(String file) {
        return new BoundedProblems(OF_FILE, "of this file", Optional.of(Place.wholeFile(file)));
    }

    /** Of these, as many as may be reported at once. */
    public static List<Problem> inAll(Collection<Problem> problems) {
        return new BoundedProblems(IN_ALL, "in all", Optional.empty())
                .addAll(problems)
                .list();
    }

    /** How many there are, also those that are not in the list. */
    public static long count(Collection<Problem> problems) {
        return problems.stream().mapToLong(BoundedProblems::standsFor).sum();
    }

    public BoundedProblems add(Problem problem) {
        Rank rank = Rank.of(problem);
        if (keptOfRank.merge(rank, 1, Integer::sum) <= most) {
            kept.add(problem);
        } else {
            leaveOut(problem);
        }
        return this;
    }

    public BoundedProblems addAll(Collection<Problem> problems) {
        problems.forEach(this::add);
        return this;
    }

    /** In the order in which they came where that is all of them, else the gravest first. */
    public List<Problem> list() {
        if (kept.size() <= most && errorsLeftOut + othersLeftOut == 0) {
            return List.copyOf(kept);
        }
        var ranked = new ArrayList<>(kept);
        ranked.sort(Comparator.comparing(Rank::of));
        var rest = new BoundedProblems(0, whole, place);
        rest.errorsLeftOut = errorsLeftOut;
        rest.othersLeftOut = othersLeftOut;
        ranked.stream().skip(most).forEach(rest::leaveOut);
        var list = new ArrayList<>(ranked.subList(0, Math.min(most, ranked.size())));
        rest.more(Problem.Code.MORE_ERRORS, rest.errorsLeftOut, "errors").ifPresent(list::add);
        rest.more(Problem.Code.MORE_WARNINGS, rest.othersLeftOut, "warnings").ifPresent(list::add);
        return List.copyOf(list);
    }

    private void leaveOut(Problem problem) {
        if (problem.isError()) {
            errorsLeftOut += standsFor(problem);
        } else {
            othersLeftOut += standsFor(problem);
        }
    }

    private static long standsFor(Problem problem) {
        return Math.max(1, problem.leftOut());
    }

    private Optional<Problem> more(Problem.Code code, long count, String what) {
        return count == 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        code,
                        Optional.empty(),
                        place,
                        "and " + count + " more " + what + " " + whole,
                        "correct what is listed first",
                        count));
    }
}
