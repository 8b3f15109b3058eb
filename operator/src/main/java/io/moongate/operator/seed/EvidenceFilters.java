package io.moongate.operator.seed;

import static java.util.stream.Collectors.groupingBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.Ownership;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Contested;
import io.moongate.operator.apply.Live;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.plan.evidence.Attachment;
import io.moongate.plan.evidence.Replicas;
import io.moongate.plan.translate.istio.EvidenceFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pass of its own, whatever {@code ownership.seed} says: the one EnvoyFilter per ingress gateway by which it reports its
 * tunnels. What drains tunnels waits for a person, each gateway under an id of its own, or for the gateway's next rollout.
 */
final class EvidenceFilters {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceFilters.class);

    private final KubernetesClient client;
    private final Live live;
    private final ClusterSource seed;
    private final Contested contested;
    private final Applier.Writes writes;
    private final Map<String, Replicas> replicas = new HashMap<>();
    private List<String> told = List.of();

    EvidenceFilters(
            KubernetesClient client, Live live, ClusterSource seed, Contested contested, Applier.Writes writes) {
        this.client = client;
        this.live = live;
        this.seed = seed;
        this.contested = contested;
        this.writes = writes;
    }

    /** @param held the ids under which changes that drain tunnels wait for a person */
    record Outcome(List<Problem> problems, List<String> held) {}

    /**
     * @param reader what has been read of the seed in this pass
     * @param confirmed the id of a change that may drain tunnels
     */
    Outcome reconcile(Plan plan, Applier reader, Optional<String> confirmed) {
        look(plan);
        List<ClusterObject> filters = live.trees(EvidenceFilter::is);
        List<EvidenceStep> steps = steps(plan, reader, filters);
        var problems = new ArrayList<>(problems(plan, steps, filters));
        var held = new ArrayList<String>();
        var due = new ArrayList<EvidenceStep>();
        for (EvidenceStep step : steps) {
            boolean asks = step.attachment() instanceof Attachment.Ask && !reader.belongsToAnother(step.place());
            if (asks && !confirmed.equals(Optional.of(step.id()))) {
                held.add(step.id());
                problems.add(SeedReconciler.heldProblem(List.of(step.what()), step.id()));
            } else if (step.changes()) {
                due.add(step);
            }
        }
        var applier = new Applier(client, live, Ownership.Mode.Manage, contested, writes);
        carryOut(applier, due);
        problems.addAll(applier.problems());
        tell(steps.stream().flatMap(step -> step.waits().stream()).toList());
        return new Outcome(problems, held);
    }

    /** What a pass would do now; writes nothing. */
    Preview preview(Plan plan, Applier reader) {
        look(plan);
        List<ClusterObject> filters = live.trees(EvidenceFilter::is);
        List<EvidenceStep> steps = steps(plan, reader, filters);
        var applier = new Applier(client, live, Ownership.Mode.Observe, contested, writes);
        carryOut(applier, steps.stream().filter(EvidenceStep::changes).toList());
        var problems = Stream.concat(
                problems(plan, steps, filters).stream(),
                applier.problems().stream().filter(p -> p.code() != Problem.Code.OWNER_MUST_ACT));
        return new Preview(
                applier.unwritten(),
                false,
                steps.stream()
                        .filter(step -> step.attachment() instanceof Attachment.Ask)
                        .map(EvidenceStep::what)
                        .toList(),
                steps.stream().flatMap(step -> step.waits().stream()).toList(),
                problems.toList(),
                List.of());
    }

    private void carryOut(Applier applier, List<EvidenceStep> due) {
        applier.apply(due.stream().flatMap(step -> step.next().stream()).toList());
        List<String> going = due.stream()
                .filter(step -> step.next().isEmpty())
                .map(step -> step.place().namespace())
                .toList();
        applier.prune(List.of(), object -> EvidenceFilter.is(object) && going.contains(object.namespace()));
    }

    /** Which pods may have tunnels depends on what was seen before: so each pass looks, also while nothing is wanted. */
    private void look(Plan plan) {
        String service = plan.configuration().istio().ingressService();
        Map<String, List<EndpointSlice>> slices = seed.objects().stream()
                .flatMap(m -> m instanceof Manifest.OfEndpointSlice(EndpointSlice slice)
                                && slice.serviceName().equals(service)
                        ? Stream.of(slice)
                        : Stream.empty())
                .collect(groupingBy(EndpointSlice::namespace));
        List<String> gateways =
                plan.ingressGateways().stream().map(IngressGateway::namespace).toList();
        replicas.keySet().retainAll(gateways);
        gateways.forEach(namespace -> replicas.put(
                namespace,
                replicas.getOrDefault(namespace, Replicas.UNKNOWN).next(slices.getOrDefault(namespace, List.of()))));
    }

    private List<EvidenceStep> steps(Plan plan, Applier reader, List<ClusterObject> filters) {
        if (plan.configuration().ownership().evidence() == Ownership.Mode.Observe) {
            return List.of();
        }
        var left = new HashMap<String, ClusterObject>();
        filters.forEach(filter -> left.put(filter.namespace(), filter));
        var steps = new ArrayList<EvidenceStep>();
        for (IngressGateway gateway : plan.ingressGateways()) {
            Optional<ClusterObject> now = Optional.ofNullable(left.remove(gateway.namespace()));
            Replicas pods = replicas.getOrDefault(gateway.namespace(), Replicas.UNKNOWN);
            new EvidenceWanted(plan, gateway, reader, seed).step(now, pods).ifPresent(steps::add);
        }
        // Of a gateway that is not known nobody can say who is connected.
        left.values().forEach(filter -> steps.add(EvidenceStep.ofUnknownGateway(plan, filter)));
        return steps;
    }

    private List<Problem> problems(Plan plan, List<EvidenceStep> steps, List<ClusterObject> filters) {
        var problems = new ArrayList<Problem>();
        if (plan.configuration().ownership().evidence() == Ownership.Mode.Observe) {
            filters.forEach(filter -> problems.add(EvidenceStep.left(plan, filter)));
        } else if (plan.configuration().evidence().accessLogService().host().isEmpty()) {
            problems.add(Problem.general(
                    Problem.Code.NOT_ALL_TELL,
                    "ownership.evidence is Manage, but the gateways report to nobody: evidence.accessLogService is not"
                            + " enabled, or has no service",
                    "install the witness (witness.enabled in the chart), or set ownership.evidence to Observe"));
        }
        steps.forEach(step -> step.problem().ifPresent(problems::add));
        return problems;
    }

    private void tell(List<String> waits) {
        waits.stream().filter(wait -> !told.contains(wait)).forEach(LOG::info);
        told = waits;
    }
}
