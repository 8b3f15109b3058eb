package io.moongate.operator.seed;

import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What of the plan's objects is ours to write. Filters that add routes go with the one to which they add them: where that
 * is another's, ours would change what he has made.
 *
 * @param problems what the others have to do
 */
record Parts(List<ClusterObject> ours, List<Problem> problems) {
    static Parts of(List<ClusterObject> own, Applier applier) {
        var filters = new HashMap<String, ClusterObject>();
        own.stream().filter(o -> o.kind().equals("EnvoyFilter")).forEach(o -> filters.put(o.toString(), o));
        var ours = new ArrayList<ClusterObject>();
        var theirs = new TreeMap<String, List<ClusterObject>>();
        for (ClusterObject object : own) {
            Optional<ClusterObject> others = filterOf(object, filters).filter(applier::belongsToAnother);
            others.ifPresentOrElse(
                    filter -> theirs.computeIfAbsent(filter.toString(), f -> new ArrayList<>())
                            .add(object),
                    () -> ours.add(object));
        }
        var problems = new ArrayList<Problem>();
        theirs.values().forEach(shares -> {
            long differing = shares.stream().filter(applier::differs).count();
            if (differing > 0) {
                filterOf(shares.getFirst(), filters)
                        .ifPresent(filter -> problems.add(problem(filter, differing, shares.size())));
            }
        });
        return new Parts(ours, problems);
    }

    private static Optional<ClusterObject> filterOf(ClusterObject share, Map<String, ClusterObject> filters) {
        return IstioObjects.routesOf(share)
                .flatMap(name -> Optional.ofNullable(filters.get(share.kind() + " " + share.namespace() + "/" + name)));
    }

    private static Problem problem(ClusterObject filter, long differing, int all) {
        return Problem.of(
                Problem.Code.OWNED_BY_ANOTHER,
                new ObjectRef(filter.kind(), filter.namespace(), filter.name()),
                "belongs to another, so the filters that add its routes are not written; " + differing + " of " + all
                        + " are not as the plan has them",
                "let its owner apply them as 'moongate plan --objects' shows");
    }
}
