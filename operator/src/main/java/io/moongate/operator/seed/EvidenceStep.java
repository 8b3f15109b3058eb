package io.moongate.operator.seed;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.plan.evidence.Attachment;
import io.moongate.plan.evidence.Attachment.Why;
import io.moongate.plan.evidence.Reach;
import io.moongate.plan.translate.istio.Drains;
import io.moongate.plan.translate.istio.EvidenceFilter;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about the evidence filter of one gateway.
 *
 * @param place the filter's name
 * @param now the filter as it is; empty where there is none
 * @param next the filter as it is to be; empty where it goes
 * @param ports whose tunnels that drains
 */
record EvidenceStep(
        ClusterObject place,
        Optional<ClusterObject> now,
        Optional<ClusterObject> next,
        Attachment attachment,
        List<String> ports) {

    static EvidenceStep ofUnknownGateway(Plan plan, ClusterObject filter) {
        return new EvidenceStep(
                EvidenceFilter.placeIn(filter.namespace()),
                Optional.of(filter),
                Optional.empty(),
                new Attachment.Ask(Reach.NO_POD),
                ports(plan, List.of(Entrance.values())));
    }

    static List<String> ports(Plan plan, Collection<Entrance> entrances) {
        return entrances.stream()
                .map(entrance -> Integer.toString(IstioObjects.port(plan, entrance)))
                .toList();
    }

    /** Of one that was written before: it is not ours to change any more. */
    static Problem left(Plan plan, ClusterObject filter) {
        String goes = Drains.what(filter, "goes", ports(plan, EvidenceFilter.entrancesOf(filter)));
        return Problem.of(
                Problem.Code.OWNER_MUST_ACT,
                new ObjectRef(filter.kind(), filter.namespace(), filter.name()),
                "is left as it is, because ownership.evidence is Observe; the gateway goes on reporting its tunnels",
                "set ownership.evidence to Manage; or delete it when that may be: " + goes + ", once");
    }

    /** Whether there is something to write, with or without asking. */
    boolean changes() {
        return attachment instanceof Attachment.Write || attachment instanceof Attachment.Ask;
    }

    /** What it drains, in words. */
    String what() {
        String how = now.isEmpty() ? "appears" : next.isEmpty() ? "goes" : "changes";
        return Drains.what(place, how, ports) + ", once";
    }

    /** Names exactly this change. */
    String id() {
        return "drain-" + Integer.toHexString((what() + next.map(ClusterObject::tree)).hashCode());
    }

    /** What is waited for, where all goes as it was asked for. */
    Optional<String> waits() {
        return attachment instanceof Attachment.Wait(Why why)
                ? switch (why) {
                    case NEXT_ROLLOUT ->
                        Optional.of(place + " waits for the next rollout of gateway " + place.namespace()
                                + ": so it drains no tunnel");
                    case OLD_PODS ->
                        Optional.of(place + " applies to the new pods of gateway " + place.namespace()
                                + "; it is for all of them when the old ones have ended");
                    case MISSED, NO_REVISION -> Optional.<String>empty();
                }
                : Optional.empty();
    }

    Optional<Problem> problem() {
        return attachment instanceof Attachment.Wait(Why why)
                ? switch (why) {
                    case MISSED ->
                        Optional.of(notAttached(
                                "came too late for the rollout that is going on: its new pods serve tunnels already; it"
                                        + " waits for the next one"));
                    case NO_REVISION ->
                        Optional.of(notAttached(
                                "waits for a rollout that cannot be seen: the names of the gateway's pods show no"
                                        + " pod-template-hash"));
                    case NEXT_ROLLOUT, OLD_PODS -> Optional.<Problem>empty();
                }
                : Optional.empty();
    }

    private Problem notAttached(String what) {
        return Problem.of(
                Problem.Code.EVIDENCE_NOT_ATTACHED,
                new ObjectRef(place.kind(), place.namespace(), place.name()),
                what,
                "set evidence.attach to Now to have it before, with a drain that you confirm");
    }
}
