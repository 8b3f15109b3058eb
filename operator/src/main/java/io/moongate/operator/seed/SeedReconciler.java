package io.moongate.operator.seed;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.SeedObject;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Live;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over a seed whose target is Istio: destination rules → listeners and routes → what is not wanted any more goes
 * → the Services' ports, each gateway's as soon as its pods listen.
 */
public final class SeedReconciler implements AutoCloseable {
    private final KubernetesClient client;
    private final Live live;
    private final Applier.Writes writes;
    private final ListenerCheck listeners;

    public SeedReconciler(KubernetesClient client, Live live, Applier.Writes writes) {
        this.client = client;
        this.live = live;
        this.writes = writes;
        this.listeners = new ListenerCheck(client);
    }

    /** Gives what could not be, or what others have to do. */
    public List<Problem> reconcile(Plan plan) {
        if (!live.complete()) {
            return List.of(Problem.general(
                    Problem.Code.WATCH_INCOMPLETE,
                    "Istio's objects in the seed cannot be watched yet; nothing is written",
                    "see whether Istio's CustomResourceDefinitions are installed and the operator may list them"));
        }
        MoongateConfiguration configuration = plan.configuration();
        var applier = new Applier(client, live, configuration.ownership().seed(), writes);
        List<SeedObject> own = IstioObjects.own(plan);
        applier.apply(own);
        applier.prune(own);
        var waiting = new ArrayList<Problem>();
        for (IngressGateway gateway : plan.ingressGateways()) {
            if (listensEverywhere(plan, gateway)) {
                applier.applyPart(IstioObjects.servicePorts(plan, gateway));
            } else {
                waiting.add(Problem.of(
                        Problem.Code.WAITING_FOR_LISTENER,
                        new ObjectRef("Service", gateway.namespace(), gateway.service()),
                        "its pods do not listen on both ports yet; the Service's ports wait for that",
                        "see whether the gateway's pods are ready and take their configuration from istiod"));
            }
        }
        waiting.addAll(applier.problems());
        return waiting;
    }

    private boolean listensEverywhere(Plan plan, IngressGateway gateway) {
        return Arrays.stream(Entrance.values())
                .allMatch(entrance -> listeners.listens(gateway, IstioObjects.port(plan, entrance)));
    }

    @Override
    public void close() {
        live.close();
    }
}
