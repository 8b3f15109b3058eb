package io.moongate.plan.evidence;

import static java.util.stream.Collectors.toSet;

import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.EndpointSlice.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pods of one ingress gateway as its EndpointSlices show them, and which of them may have tunnels: a pod that is not
 * Ready now may have been before, and its tunnels do not end with its readiness.
 *
 * @param known whether this is not the first look
 */
public record Replicas(boolean known, List<Replica> pods) {
    /** Before the first look. */
    public static final Replicas UNKNOWN = new Replicas(false, List.of());

    public Replicas {
        pods = List.copyOf(pods);
    }

    /** @param slices of the gateway's Service, all of them: with two address families there is one for each */
    public Replicas next(Collection<EndpointSlice> slices) {
        var endpoints = new TreeMap<String, List<Endpoint>>();
        for (EndpointSlice slice : slices) {
            for (Endpoint endpoint : slice.endpoints()) {
                String name = endpoint.pod().orElseGet(() -> String.join(",", endpoint.addresses()));
                endpoints.computeIfAbsent(name, n -> new ArrayList<>()).add(endpoint);
            }
        }
        var served = pods.stream().filter(Replica::mayServe).map(Replica::name).collect(toSet());
        var met = pods.stream().map(Replica::name).collect(toSet());
        endpoints.forEach((name, all) -> {
            boolean serves = all.stream().anyMatch(e -> e.ready() || e.serving());
            if (serves || (ends(all) && !met.contains(name))) {
                served.add(name);
            }
        });
        if (!known) {
            served.addAll(possiblyOld(endpoints.keySet(), served));
        }
        return new Replicas(
                true,
                endpoints.entrySet().stream()
                        .map(pod -> Replica.of(pod.getKey(), ends(pod.getValue()), served.contains(pod.getKey())))
                        .toList());
    }

    private static boolean ends(List<Endpoint> pod) {
        return pod.stream().anyMatch(Endpoint::terminating);
    }

    /**
     * At the first look nobody knows what was before. A pod that is not Ready is new where other revisions serve and its
     * own does not: a rollout. Where no revision serves, the nodes may be cut off, and the tunnels be there.
     */
    private static Set<String> possiblyOld(Set<String> names, Set<String> serving) {
        Set<Optional<String>> revisions =
                serving.stream().map(Replica::revisionIn).collect(toSet());
        var old = new HashSet<>(names);
        old.removeIf(name -> {
            Optional<String> own = Replica.revisionIn(name);
            return own.isPresent() && !revisions.isEmpty() && !revisions.contains(own);
        });
        return old;
    }

    /** Those that are there to stay. */
    List<String> revisions() {
        return pods.stream()
                .filter(pod -> !pod.ending())
                .flatMap(pod -> pod.revision().stream())
                .distinct()
                .toList();
    }

    /** Whether pods of more than one revision are there. */
    boolean rolling() {
        return pods.stream().map(Replica::revision).distinct().count() > 1;
    }
}
