package io.moongate.plan.served;

import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.served.LiveGateway.Selects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges a port of an ingress gateway by what its objects do. Where nobody can say whether an object is for the port, both
 * are tried: what is wrong either way is missing, what is wrong in one of them cannot be judged.
 */
public final class Judge {
    private final LiveGateway gateway;
    private final Need need;
    private final ServicePort service;
    private final List<Patch> patches;

    private Judge(LiveGateway gateway, Need need) {
        this.gateway = gateway;
        this.need = need;
        this.service = ServicePort.of(gateway.service(), need.port());
        this.patches = Patches.of(gateway, need.port(), service.listenerPort());
    }

    public static Served of(LiveGateway gateway, Need need) {
        return new Judge(gateway, need).judge();
    }

    private Served judge() {
        List<Doubt> doubts = Stream.concat(
                        gateway.gateways().stream()
                                .filter(g -> gateway.opens(g, need.port()))
                                .flatMap(g -> doubt(g).stream()),
                        patches.stream().flatMap(patch -> patch.doubt().stream()))
                .distinct()
                .toList();
        var verdicts = new LinkedHashMap<Set<Doubt>, PortJudge.Verdict>();
        Worlds.of(doubts).forEach(world -> verdicts.put(world, in(world)));
        var missing = new LinkedHashSet<String>();
        var advice = new LinkedHashSet<Advice>();
        verdicts.values().forEach(verdict -> {
            missing.addAll(verdict.missing());
            advice.addAll(verdict.advice());
        });
        var always = new LinkedHashSet<>(missing);
        verdicts.values().forEach(verdict -> always.retainAll(verdict.missing()));
        boolean neverWell =
                verdicts.values().stream().noneMatch(v -> v.missing().isEmpty());
        if (always.isEmpty() && neverWell && Worlds.areAll(doubts)) {
            always.add("one of these: " + String.join("; ", missing));
        } else {
            missing.removeAll(always);
            advice.addAll(undecided(missing, doubts, verdicts));
        }
        if (!always.isEmpty() && service.listenerPort() != need.port()) {
            always.add("the Service leads the port to port " + service.listenerPort()
                    + " of the pods, which istiod opens for it");
        }
        always.addAll(service.missing());
        advice.addAll(service.advice());
        return new Served(List.copyOf(always), List.copyOf(advice));
    }

    private PortJudge.Verdict in(Set<Doubt> world) {
        List<ClusterObject> gateways = gateway.gateways().stream()
                .filter(g -> gateway.opens(g, need.port()))
                .filter(g -> doubt(g).map(world::contains).orElse(true))
                .toList();
        List<Patch> applied = patches.stream()
                .filter(patch -> patch.doubt().map(world::contains).orElse(true))
                .toList();
        return PortJudge.of(gateway, gateways, applied, need);
    }

    private Optional<Doubt> doubt(ClusterObject found) {
        var ref = new ObjectRef(found.kind(), found.namespace(), found.name());
        if (gateway.selectedBy(found) == Selects.PERHAPS) {
            return Optional.of(new Doubt(ref, "spec.selector", LiveGateway.UNKNOWN_LABELS));
        }
        return found.namespace().equals(gateway.namespace())
                ? Optional.empty()
                : Optional.of(new Doubt(
                        ref,
                        "metadata.namespace",
                        "istiod may ignore Gateways of other namespaces, by PILOT_SCOPE_GATEWAY_TO_NAMESPACE"));
    }

    /** What the doubts decide, each with the first of those that decide it. */
    private static List<Advice> undecided(
            Set<String> missing, List<Doubt> doubts, Map<Set<Doubt>, PortJudge.Verdict> verdicts) {
        var by = new LinkedHashMap<Doubt, List<String>>();
        for (String what : missing) {
            Doubt first = doubts.stream()
                    .filter(doubt -> decides(doubt, what, verdicts))
                    .findFirst()
                    .orElse(doubts.getFirst());
            by.computeIfAbsent(first, d -> new ArrayList<>()).add(what);
        }
        return by.entrySet().stream()
                .map(decided -> new Advice(
                        Advice.Code.CANNOT_BE_JUDGED,
                        Optional.of(decided.getKey().object()),
                        decided.getKey().field(),
                        decided.getKey().why() + ", and that decides whether " + String.join("; ", decided.getValue())))
                .toList();
    }

    private static boolean decides(Doubt doubt, String what, Map<Set<Doubt>, PortJudge.Verdict> verdicts) {
        return verdicts.entrySet().stream().anyMatch(world -> {
            var with = new LinkedHashSet<>(world.getKey());
            with.add(doubt);
            PortJudge.Verdict other = verdicts.get(with);
            return other != null
                    && world.getValue().missing().contains(what)
                            != other.missing().contains(what);
        });
    }
}
