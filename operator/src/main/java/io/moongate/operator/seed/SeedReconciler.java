package io.moongate.operator.seed;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Contested;
import io.moongate.operator.apply.Live;
import io.moongate.operator.apply.Trees;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.operator.provider.IstioGateways;
import io.moongate.plan.translate.istio.Drains;
import io.moongate.plan.translate.istio.Drains.Drain;
import io.moongate.plan.translate.istio.EvidenceFilter;
import io.moongate.plan.translate.istio.IstioObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over a seed whose target is Istio: what would drain tunnels is held back → destination rules, listeners and
 * routes → what is not wanted any more goes → the Services' ports, each gateway's as soon as its pods listen.
 */
public final class SeedReconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SeedReconciler.class);

    private final KubernetesClient client;
    private final Live live;
    private final Applier.Writes writes;
    private final ListenerCheck listeners;
    private final Contested contested = new Contested();
    private final EvidenceFilters evidence;
    private final IstioGateways gateways;
    private List<Advice> advised = List.of();

    private SeedReconciler(
            KubernetesClient client, Live live, IstioGateways gateways, ClusterSource seed, Applier.Writes writes) {
        this.client = client;
        this.live = live;
        this.gateways = gateways;
        this.writes = writes;
        this.listeners = new ListenerCheck(client);
        this.evidence = new EvidenceFilters(client, live, seed, contested, writes);
    }

    /**
     * Begins to watch the seed's Istio objects.
     *
     * @param seed what is watched of it besides
     * @param changed called when one of them changes, by us or by somebody else
     */
    public static SeedReconciler watching(
            KubernetesClient client, ClusterSource seed, Applier.Writes writes, Runnable changed) {
        return new SeedReconciler(
                client, Live.watch(client, changed), new IstioGateways(client, changed), seed, writes);
    }

    /**
     * What came of a pass.
     *
     * @param problems what could not be, or what others have to do
     * @param held the ids under which changes that drain tunnels wait for a person
     * @param advice what of another owner's objects is weaker than planned, or cannot be judged
     * @param again when the next legacy listener goes
     */
    public record Outcome(List<Problem> problems, List<String> held, List<Advice> advice, Optional<Instant> again) {
        public static final Outcome NOTHING = new Outcome(List.of(), List.of(), List.of(), Optional.empty());
    }

    /**
     * @param confirmed the id of changes that may drain tunnels
     * @param decided when it was decided what the plan says of the legacy port
     * @param shoots that the plan has
     */
    public Outcome reconcile(Plan plan, Optional<String> confirmed, Instant decided, Collection<Shoot> shoots) {
        if (!complete()) {
            return new Outcome(
                    List.of(
                            Problem.general(
                                    Problem.Code.WATCH_INCOMPLETE,
                                    "Istio's objects in the seed cannot be watched yet; nothing is written",
                                    "see whether Istio's CustomResourceDefinitions are installed and the operator may list them")),
                    List.of(),
                    List.of(),
                    Optional.empty());
        }
        MoongateConfiguration configuration = plan.configuration();
        var applier = new Applier(client, live, configuration.ownership().seed(), contested, writes);
        LegacyListeners legacy = LegacyListeners.of(plan, decided, applier, Instant.now());
        OthersPorts others = OthersPorts.judge(objects(plan), plan, shoots);
        List<ClusterObject> planned = IstioObjects.own(plan, legacy.served()::contains);
        List<ClusterObject> own = others.withoutTheirs(plan, planned);
        var waiting = new ArrayList<>(others.problems());
        List<Drain> drains = configuration.ownership().seed() == Ownership.Mode.Manage
                ? unconfirmed(plan, drains(own, applier))
                : List.of();
        String id = idOf(drains);
        List<Drain> held = confirmed.equals(Optional.of(id)) ? List.of() : drains;
        if (!held.isEmpty()) {
            waiting.add(heldProblem(held.stream().map(Drain::what).toList(), id));
        }
        Set<String> names = held.stream().map(d -> d.object().toString()).collect(toSet());
        Parts parts = Parts.of(own, applier);
        waiting.addAll(parts.problems());
        IstioObjects.groups(parts.ours().stream()
                        .filter(o -> !names.contains(o.toString()))
                        .toList())
                .forEach(applier::apply);
        applier.apply(held.stream().flatMap(d -> d.meanwhile().stream()).toList());
        applier.prune(
                // What is ours beside another's stays: without it his port would be served differently at once.
                Stream.concat(planned.stream(), held.stream().map(Drain::object))
                        .toList(),
                object -> !EvidenceFilter.is(object));
        waiting.addAll(openPorts(plan, others, applier));
        waiting.addAll(applier.problems());
        var ids = new ArrayList<>(held.isEmpty() ? List.of() : List.of(id));
        EvidenceFilters.Outcome attached = evidence.reconcile(plan, applier, confirmed);
        waiting.addAll(attached.problems());
        ids.addAll(attached.held());
        List<Advice> advice = joined(others, applier);
        advise(advice);
        return new Outcome(waiting, ids, advice, legacy.again());
    }

    private LiveObjects objects(Plan plan) {
        return LiveObjects.of(
                client, live, gateways, plan.configuration().istio().rootNamespace());
    }

    /** Each gateway's as soon as its pods listen. */
    private List<Problem> openPorts(Plan plan, OthersPorts others, Applier applier) {
        var waiting = new ArrayList<Problem>();
        for (IngressGateway gateway : plan.ingressGateways()) {
            Optional<ClusterObject> ports = others.servicePorts(plan, gateway);
            if (ports.isEmpty()) {
                continue;
            }
            if (listensEverywhere(plan, gateway)) {
                applier.applyPart(ports.get());
            } else {
                waiting.add(Problem.of(
                        Problem.Code.WAITING_FOR_LISTENER,
                        new ObjectRef("Service", gateway.namespace(), gateway.service()),
                        "its pods do not listen on all ports yet; the Service's ports wait for that",
                        "see whether the gateway's pods are ready and take their configuration from istiod"));
            }
        }
        return waiting;
    }

    private static List<Advice> joined(OthersPorts others, Applier applier) {
        return Stream.concat(others.advice().stream(), applier.advice().stream())
                .toList();
    }

    /** Once, and not at each pass. */
    private void advise(List<Advice> advice) {
        advice.stream()
                .filter(what -> !advised.contains(what))
                .forEach(what -> LOG.info("advice, nothing has to be done: {}", what));
        advised = advice;
    }

    /** Whether what is there is known. */
    public boolean complete() {
        return live.complete() && gateways.complete();
    }

    /** Writes nothing; what another owner manages is a problem, as in a real pass. */
    public Preview preview(Plan plan, Collection<Shoot> shoots) {
        var applier = new Applier(client, live, Ownership.Mode.Observe, contested, writes);
        OthersPorts judged = OthersPorts.judge(objects(plan), plan, shoots);
        List<ClusterObject> planned = IstioObjects.own(plan);
        List<ClusterObject> own = judged.withoutTheirs(plan, planned);
        List<Drain> drains = drains(own, applier);
        Parts parts = Parts.of(own, applier);
        applier.apply(parts.ours());
        applier.prune(planned, object -> !EvidenceFilter.is(object));
        for (IngressGateway gateway : plan.ingressGateways()) {
            judged.servicePorts(plan, gateway).ifPresent(applier::applyPart);
            if (plan.legacyPort().isClosed()) {
                applier.withdrawPort(
                        IstioObjects.servicePorts(plan, gateway), IstioObjects.port(plan, Entrance.LEGACY));
            }
        }
        boolean observes = plan.configuration().ownership().seed() == Ownership.Mode.Observe;
        Stream<Problem> others = applier.problems().stream().filter(p -> p.code() != Problem.Code.OWNER_MUST_ACT);
        var seed = new Preview(
                applier.unwritten(),
                observes && !applier.unwritten().isEmpty(),
                drains.stream().map(Drain::what).toList(),
                List.of(),
                Stream.of(judged.problems().stream(), parts.problems().stream(), others)
                        .flatMap(problems -> problems)
                        .toList(),
                joined(judged, applier));
        return seed.and(evidence.preview(plan, applier));
    }

    /** Whoever decided that the legacy port goes has confirmed what that drains. */
    private static List<Drain> unconfirmed(Plan plan, List<Drain> drains) {
        String decided = Integer.toString(IstioObjects.port(plan, Entrance.LEGACY));
        return drains.stream()
                .filter(drain -> !plan.legacyPort().isClosed() || !drain.port().equals(decided))
                .toList();
    }

    private List<Drain> drains(List<ClusterObject> own, Applier applier) {
        List<ClusterObject> ours = own.stream()
                .filter(o -> Drains.concerns(o) && !applier.belongsToAnother(o))
                .toList();
        return Drains.of(ours, live.trees(object -> !EvidenceFilter.is(object)), Trees::same);
    }

    /** Names exactly these changes, so that a confirmation cannot cover what its giver has not seen. */
    private static String idOf(List<Drain> drains) {
        String what = drains.stream().map(d -> d.what() + d.listener()).sorted().collect(joining("\n"));
        return "drain-" + Integer.toHexString(what.hashCode());
    }

    static Problem heldProblem(List<String> drains, String id) {
        return Problem.general(
                Problem.Code.DRAIN_HELD,
                String.join("; ", drains) + "; held back",
                "confirm it with `moongate confirm " + id + "` on the operator's machine when that may be");
    }

    private boolean listensEverywhere(Plan plan, IngressGateway gateway) {
        return IstioObjects.entrances(plan).stream()
                .allMatch(entrance ->
                        listeners.listens(gateway.namespace(), gateway.service(), IstioObjects.port(plan, entrance)));
    }

    @Override
    public void close() {
        live.close();
        gateways.close();
    }
}
