package io.moongate.cli;

import io.moongate.model.problem.Advice;
import io.moongate.model.problem.Place;
import io.moongate.model.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Problems for machines: the same on {@code /config} as in the output of commands. */
public final class ProblemTrees {
    private ProblemTrees() {}

    public static List<Map<String, Object>> of(List<Problem> problems) {
        return problems.stream().map(ProblemTrees::of).toList();
    }

    /** In the same form, beside them: an advice is no problem. */
    public static List<Map<String, Object>> ofAdvice(List<Advice> advice) {
        return advice.stream().map(ProblemTrees::of).toList();
    }

    private static Map<String, Object> of(Advice advice) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("code", advice.code().label());
        tree.put("severity", Advice.SEVERITY);
        advice.object().ifPresent(o -> tree.put("object", o.toString()));
        if (!advice.field().isEmpty()) {
            tree.put("field", advice.field());
        }
        tree.put("message", advice.message());
        return tree;
    }

    private static Map<String, Object> of(Problem problem) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("code", problem.code().label());
        tree.put("severity", problem.code().severity().label());
        problem.object().ifPresent(o -> tree.put("object", o.toString()));
        problem.place().map(Place::toString).ifPresent(where -> tree.put("place", where));
        tree.put("message", problem.message());
        tree.put("remedy", problem.remedy());
        return tree;
    }
}
