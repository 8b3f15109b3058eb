package io.moongate.manifest.yaml;

import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.List;

/** Input that cannot be taken; carries all that was found wrong with it, at least one problem. */
public final class InputException extends Exception {
    private final transient List<Problem> problems;

    public InputException(List<Problem> problems) {
        super(problems.getFirst().toString());
        this.problems = List.copyOf(problems);
    }

    public InputException(Problem.Code code, Place place, String message, String remedy) {
        this(List.of(Problem.at(code, place, message, remedy)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
