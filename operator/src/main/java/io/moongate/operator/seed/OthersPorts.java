package io.moongate.operator.seed;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.plan.served.Judge;
import io.moongate.plan.served.LiveGateway;
import io.moongate.plan.served.Need;
import io.moongate.plan.served.Served;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The ports of ingress gateways that another owner serves, judged by what his objects do. What we would write for such a
 * port is not written, and not compared.
 *
 * @param ports whose objects are not ours
 * @param problems what the owner has to change, one for each port
 * @param advice what is weaker than planned, or cannot be judged
 */
record OthersPorts(Set<Port> ports, List<Problem> problems, List<Advice> advice) {
    /** A few shoots are named, the others counted. */
    private static final int NAMED = 5;

    record Port(IngressGateway gateway, Entrance entrance) {}

    /** @param shoots that the plan has */
    static OthersPorts judge(LiveObjects objects, Plan plan, Collection<Shoot> shoots) {
        var all = new OthersPorts(new HashSet<>(), new ArrayList<>(), new ArrayList<>());
        for (IngressGateway gateway : plan.ingressGateways()) {
            try {
                all.judge(objects, plan, gateway, shoots);
            } catch (KubernetesClientException e) {
                all.unknown(gateway, e);
            }
        }
        return all;
    }

    /** What cannot be read is not judged, and nothing of it is written; all else goes on. */
    private void unknown(IngressGateway gateway, KubernetesClientException why) {
        Stream.of(Entrance.values()).forEach(entrance -> ports.add(new Port(gateway, entrance)));
        problems.add(Problem.of(
                Problem.Code.WATCH_INCOMPLETE,
                service(gateway),
                "Istio's objects of the gateway cannot be read, so nothing of it is written: " + why.getMessage(),
                "see the API server's answer, and whether the operator may list EnvoyFilters"));
    }

    private void judge(LiveObjects objects, Plan plan, IngressGateway gateway, Collection<Shoot> shoots) {
        List<Entrance> served = Stream.of(Entrance.values())
                .filter(e -> objects.othersOpen(gateway, IstioObjects.port(plan, e)))
                .toList();
        if (served.isEmpty()) {
            return;
        }
        boolean manages = plan.configuration().ownership().seed() == Ownership.Mode.Manage;
        LiveGateway live = objects.of(gateway);
        // Also a port that has been removed: its owner may take its objects away one after the other.
        Stream.of(Entrance.values())
                .filter(entrance -> served.contains(entrance) || !manages)
                .forEach(entrance -> ports.add(new Port(gateway, entrance)));
        for (Entrance entrance : IstioObjects.entrances(plan)) {
            boolean theirsAlone = ports.contains(new Port(gateway, entrance));
            if (entrance == Entrance.LEGACY && !served.contains(entrance) && !manages) {
                legacyIsGone(plan, gateway, shoots);
            } else if (theirsAlone) {
                tell(plan, gateway, entrance, Judge.of(live, Need.of(plan, gateway, entrance)));
            }
        }
    }

    private void tell(Plan plan, IngressGateway gateway, Entrance entrance, Served served) {
        int port = IstioObjects.port(plan, entrance);
        if (!served.missing().isEmpty()) {
            problems.add(problem(
                    gateway,
                    "does not serve port " + port + " as shoots need it: " + String.join("; ", served.missing()),
                    "the owner of the gateway's Istio objects changes that; Moongate leaves them as they are"));
        }
        String which = "port " + port + " of gateway " + gateway.namespace() + ": ";
        List<Advice> all = served.advice().stream()
                .map(what -> new Advice(
                        what.code(),
                        Optional.of(what.object().orElse(service(gateway))),
                        what.field(),
                        which + what.message()))
                .toList();
        advice.addAll(
                Advice.some(all, Optional.of(service(gateway)), more -> which + more + " more that are not listed"));
    }

    /** gardenlet takes it away with its gate RemoveHTTPProxyLegacyPort, when each shoot has declared that it has moved. */
    private void legacyIsGone(Plan plan, IngressGateway gateway, Collection<Shoot> shoots) {
        List<String> left = shoots.stream()
                .filter(shoot -> hasClients(shoot) && !shoot.declared().isTrue())
                .map(shoot -> shoot.key().toString())
                .sorted()
                .toList();
        if (!left.isEmpty()) {
            problems.add(problem(
                    gateway,
                    "does not serve port " + IstioObjects.port(plan, Entrance.LEGACY) + ", and " + left.size()
                            + " shoots do not declare that they use the unified port, as "
                            + left.stream().limit(NAMED).collect(joining(", ")),
                    "reconcile these shoots, or let the owner of the gateway serve the port again"));
        }
    }

    /** As gardenlet's own check: neither workerless, nor not picked up, nor about to be created or deleted. */
    private static boolean hasClients(Shoot shoot) {
        return !shoot.traits().workerless()
                && shoot.lastOperation()
                        .filter(last -> !last.isUnfinished("Create") && !last.isUnfinished("Delete"))
                        .isPresent();
    }

    private static Problem problem(IngressGateway gateway, String what, String remedy) {
        return Problem.of(Problem.Code.OWNER_MUST_ACT, service(gateway), what, remedy);
    }

    private static ObjectRef service(IngressGateway gateway) {
        return new ObjectRef("Service", gateway.namespace(), gateway.service());
    }

    /** What of these objects is not the other owner's. */
    List<ClusterObject> withoutTheirs(Plan plan, List<ClusterObject> own) {
        Set<String> theirs = ports.stream()
                .flatMap(port -> IstioObjects.listeners(plan, port.entrance()).stream()
                        .filter(o -> o.namespace().equals(port.gateway().namespace())))
                .map(ClusterObject::toString)
                .collect(toSet());
        // What limits the connections to a control plane is of the same owner, where nothing is ours.
        boolean nothingIsOurs = plan.configuration().ownership().seed() == Ownership.Mode.Observe && !ports.isEmpty();
        return own.stream()
                .filter(o -> !theirs.contains(o.toString())
                        && !(nothingIsOurs && o.kind().equals("DestinationRule")))
                .toList();
    }

    /** The ports of this gateway's Service that are ours to open. */
    Optional<ClusterObject> servicePorts(Plan plan, IngressGateway gateway) {
        List<Entrance> ours = IstioObjects.entrances(plan).stream()
                .filter(entrance -> !ports.contains(new Port(gateway, entrance)))
                .toList();
        return ours.isEmpty()
                ? Optional.empty()
                : Optional.of(IstioObjects.servicePorts(plan, gateway.namespace(), gateway.service(), ours));
    }
}
