package io.moongate.cli.run;

import io.moongate.cli.ProblemTrees;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.manifest.read.ConfigurationView;
import io.moongate.model.destination.Entrance;
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
 * @param heldRemoval the id that confirms a removal that is held back
 */
record Status(long generation, Plan plan, List<Shoot> shoots, List<Problem> problems, Optional<String> heldRemoval) {

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
