package io.moongate.operator;

import static java.util.stream.Collectors.toSet;

import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.LandscapeBuilder;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.problem.Problem;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.operator.removal.PublishedLegacyPort;
import io.moongate.plan.Continuity;
import io.moongate.plan.Planner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Garden, seed and configuration to a plan, and what of an earlier plan stays ({@link Continuity}). For one thread. */
final class Planning {
    private final OperatorSettings settings;
    private final ClusterSource garden;
    private final ClusterSource seed;
    private final PublishedLegacyPort legacyPort;
    private final MoongateConfiguration defaults = ConfigurationReader.defaults();
    private Continuity.State continuity = Continuity.State.NOTHING;
    private Optional<Instant> recheckAt = Optional.empty();

    Planning(OperatorSettings settings, ClusterSource garden, ClusterSource seed, PublishedLegacyPort legacyPort) {
        this.settings = settings;
        this.garden = garden;
        this.seed = seed;
        this.legacyPort = legacyPort;
    }

    /** Begins with the shoots that were planned before a restart. */
    void restore(List<Shoot> shoots) {
        continuity =
                Continuity.State.restored(new Landscape(Optional.empty(), List.of(), shoots, List.of(), List.of()));
    }

    /** Whether the same input leads to another plan now. */
    boolean isDue(Instant now) {
        return recheckAt.filter(at -> !now.isBefore(at)).isPresent();
    }

    /**
     * @param problems collects what is wrong with the input
     * @param held collects the ids of what waits for a person
     * @param confirmed an id that a person has confirmed
     */
    Plan plan(
            ManifestSource.Snapshot configured, List<Problem> problems, List<String> held, Optional<String> confirmed) {
        var all = new LandscapeBuilder();
        garden.objects().forEach(all::add);
        seed.objects().forEach(all::add);
        Landscape objects = all.build();
        var landscape = new Landscape(
                configured.landscape().configuration(),
                objects.seeds(),
                objects.shoots(),
                objects.services(),
                objects.endpointSlices());
        var step = Continuity.step(continuity, landscape, Instant.now(), confirmed);
        step.held().ifPresent(held::add);
        continuity = step.state();
        recheckAt = step.recheckAt();
        var inputs = new Planner.Inputs(
                settings.inputs().gates(),
                Optional.of(settings.seedName()),
                legacyPort.decided().port());
        Plan plan = Planner.plan(continuity.inForce(), defaults, inputs);
        problems.addAll(configured.problems());
        problems.addAll(garden.problems());
        problems.addAll(seed.problems());
        problems.addAll(step.problems());
        problems.addAll(plan.problems());
        PublishedLegacyPort.undecidable(plan.configuration()).ifPresent(problems::add);
        return plan;
    }

    /** The shoots of the plan: this seed's. */
    List<Shoot> shoots(Plan plan) {
        Set<ShootKey> keys = plan.shoots().stream().map(ShootPlan::shoot).collect(toSet());
        return continuity.inForce().shoots().stream()
                .filter(s -> keys.contains(s.key()))
                .toList();
    }
}
