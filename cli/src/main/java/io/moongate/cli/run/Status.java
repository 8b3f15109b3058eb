package io.moongate.cli.run;

import io.moongate.adoption.report.Gardenlets;
import io.moongate.cli.ProblemTrees;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.manifest.read.ConfigurationView;
import io.moongate.model.config.Ownership;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Problem;
import io.moongate.plan.translate.GatewayView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in force and what is wrong with the input; immutable, replaced at each step.
 *
 * @param shoots of this seed, planned or not
 * @param gardenlets the seeds of which a gardenlet removes the legacy port
 * @param heldRemoval the id that confirms a removal that is held back
 */
record Status(
        long generation,
        Plan plan,
        List<Shoot> shoots,
        Gardenlets gardenlets,
        List<Problem> problems,
        Optional<String> heldRemoval) {

    /** @param seed the only one of which shoots count; empty: all */
    static Status of(
            long generation,
            Plan plan,
            Landscape inForce,
            Optional<String> seed,
            List<Problem> problems,
            Optional<String> heldRemoval) {
        List<Shoot> shoots = inForce.shoots().stream()
                .filter(shoot ->
                        seed.isEmpty() || shoot.placement().responsible().equals(seed))
                .toList();
        List<Seed> seeds = inForce.seeds().stream()
                .filter(s -> seed.isEmpty() || seed.get().equals(s.name()))
                .toList();
        // Where the seed's objects are ours, no gardenlet has to agree.
        Gardenlets gardenlets = plan.configuration().ownership().seed() == Ownership.Mode.Observe
                ? Gardenlets.of(seeds, shoots)
                : Gardenlets.NONE;
        return new Status(generation, plan, shoots, gardenlets, problems, heldRemoval);
    }

    /** The page {@code /config}. */
    Map<String, Object> tree(Gateway gateway) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("generation", generation);
        tree.put("problems", ProblemTrees.of(problems));
        heldRemoval.ifPresent(id -> tree.put("heldRemoval", id));
        var bound = new LinkedHashMap<String, Object>();
        for (Entrance entrance : Entrance.values()) {
            bound.put(
                    entrance.label(),
                    gateway.bound(entrance).stream().map(Addresses::text).toList());
        }
        tree.put("listening", bound);
        tree.put("maxTunnels", gateway.maxTunnels());
        tree.put("tunnels", gateway.tunnels());
        tree.put("configuration", ConfigurationView.of(plan.configuration()));
        tree.put("gateway", GatewayView.of(plan.gateway()));
        return tree;
    }
}
