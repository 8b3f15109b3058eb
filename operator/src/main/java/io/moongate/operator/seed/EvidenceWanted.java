package io.moongate.operator.seed;

import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.plan.Plan;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Trees;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.plan.evidence.Attachment;
import io.moongate.plan.evidence.Reach;
import io.moongate.plan.evidence.Replicas;
import io.moongate.plan.translate.istio.EvidenceFilter;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which evidence filter one gateway is to have.
 *
 * @param reader what has been read of the seed in this pass
 */
record EvidenceWanted(Plan plan, IngressGateway gateway, Applier reader, ClusterSource seed) {
    /**
     * @param now the filter as it is
     * @return empty where there is none, and none is wanted
     */
    Optional<EvidenceStep> step(Optional<ClusterObject> now, Replicas pods) {
        List<Entrance> entrances =
                plan.configuration().evidence().accessLogService().host().isEmpty()
                        ? List.of()
                        : Stream.of(Entrance.values())
                                .filter(e -> isFor(e, now))
                                .toList();
        Reach reach = now.map(EvidenceFilter::reachOf).orElse(Reach.NO_POD);
        List<Entrance> open = Stream.of(Entrance.values()).filter(this::isOpen).toList();
        if (entrances.isEmpty()) {
            return now.map(filter -> new EvidenceStep(
                    EvidenceFilter.placeIn(gateway.namespace()),
                    now,
                    Optional.empty(),
                    Attachment.unwanted(reach, pods, !open.isEmpty()),
                    EvidenceStep.ports(plan, open)));
        }
        boolean asWanted = now.isPresent()
                && Trees.same(
                        EvidenceFilter.of(plan, gateway, entrances, reach)
                                .tree()
                                .get("spec"),
                        now.get().tree().get("spec"));
        Attachment attachment =
                Attachment.wanted(plan.configuration().evidence().attach(), reach, asWanted, pods, !open.isEmpty());
        Optional<Reach> next = switch (attachment) {
            case Attachment.Write(Reach to) -> Optional.of(to);
            case Attachment.Ask(Reach to) -> Optional.of(to);
            case Attachment.Done() -> Optional.<Reach>empty();
            case Attachment.Wait(Attachment.Why why) -> Optional.<Reach>empty();
        };
        return Optional.of(new EvidenceStep(
                EvidenceFilter.placeIn(gateway.namespace()),
                now,
                next.map(to -> EvidenceFilter.of(plan, gateway, entrances, to)),
                attachment,
                EvidenceStep.ports(plan, open)));
    }

    /**
     * Once for each tunnel: where the listener's own filter has the access log, the evidence filter has it not. Where that
     * filter is ours, and gets it when a person has agreed, the evidence filter stays as it is until then.
     */
    private boolean isFor(Entrance entrance, Optional<ClusterObject> now) {
        ClusterObject listener = EvidenceFilter.listenerOf(gateway, entrance);
        if (reader.asItIs(listener)
                .filter(filter -> EvidenceFilter.reports(filter, entrance))
                .isPresent()) {
            return false;
        }
        boolean ours =
                plan.configuration().ownership().seed() == Ownership.Mode.Manage && !reader.belongsToAnother(listener);
        return !ours
                || now.filter(filter -> EvidenceFilter.reports(filter, entrance))
                        .isPresent();
    }

    /** Whether clients can come, as far as the Service and the Gateway with upstream's name show it. */
    private boolean isOpen(Entrance entrance) {
        int port = IstioObjects.port(plan, entrance);
        return seed.leadsTo(port, gateway.namespace(), gateway.service()).orElse(true)
                || reader.asItIs(EvidenceFilter.gatewayOf(gateway, entrance)).isPresent();
    }
}
