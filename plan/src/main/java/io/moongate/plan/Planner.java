package io.moongate.plan;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.moongate.model.config.GatewaySettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Ownership;
import io.moongate.model.config.RemovalSettings;
import io.moongate.model.config.Target;
import io.moongate.model.destination.Entrance;
import io.moongate.model.feature.Feature;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.Route;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.problem.Nearest;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From one landscape to what should be. Reads like the list of what a plan consists of: routes and access lists for
 * the gateway, and for each shoot the configuration of its own clients.
 */
public final class Planner {
    private final Landscape landscape;
    private final MoongateConfiguration configuration;
    private final FeatureGates gates;
    private final SeedIndex seedIndex;
    private final LegacyPort legacyPort;
    private final List<Problem> problems = new ArrayList<>();

    private Planner(Landscape landscape, MoongateConfiguration defaults, Inputs inputs) {
        this.landscape = landscape;
        MoongateConfiguration read = landscape.configuration().orElse(defaults);
        this.gates = read.featureGates().overriddenBy(inputs.gates());
        this.configuration = new MoongateConfiguration(
                gates,
                read.target(),
                read.input(),
                read.gateway(),
                read.istio(),
                read.ownership(),
                read.rollout(),
                read.components(),
                read.evidence(),
                read.removal(),
                read.dashboard(),
                read.admin());
        this.seedIndex = new SeedIndex(landscape);
        this.legacyPort = inputs.legacyPort();
    }

    /**
     * What does not come from manifests.
     *
     * @param gates from the command line; they beat those of the configuration
     * @param seed if given, only shoots for which this seed is responsible
     * @param legacyPort what has been decided about it
     */
    public record Inputs(FeatureGates gates, Optional<String> seed, LegacyPort legacyPort) {
        /** With the legacy port open. */
        public Inputs(FeatureGates gates, Optional<String> seed) {
            this(gates, seed, LegacyPort.Open);
        }

        public Inputs with(LegacyPort decided) {
            return new Inputs(gates, seed, decided);
        }
    }

    /** @param defaults used where the landscape has no configuration */
    public static Plan plan(Landscape landscape, MoongateConfiguration defaults, Inputs inputs) {
        return new Planner(landscape, defaults, inputs).plan(inputs.seed());
    }

    private Plan plan(Optional<String> seed) {
        seed.ifPresent(this::checkSeed);
        List<Shoot> shoots = responsibleFor(seed);
        GatewaySettings settings = configuration.gateway();
        if (configuration.target() == Target.Gateway) {
            checkProxyProtocol(settings);
            checkListeners(settings);
        }
        checkExemptions();
        var gateway = new GatewayPlan(inForce(settings), routes(shoots), access(settings), closing(settings));
        var ingress = new IngressGateways(landscape, configuration, seed).find(problems);
        return new Plan(configuration, legacyPort, gateway, ingress, shootPlans(shoots), problems);
    }

    private GatewaySettings inForce(GatewaySettings settings) {
        return legacyPort.isClosed()
                ? settings.withListeners(settings.listeners().withoutLegacy())
                : settings;
    }

    private Duration closing(GatewaySettings settings) {
        return legacyPort.isClosed()
                ? configuration.removal().pace()
                : settings.drain().grace();
    }

    /** A seed with a typing error in its name has no shoots, and nothing would be wrong with it. */
    private void checkSeed(String name) {
        Set<String> known = Stream.concat(
                        landscape.seeds().stream().map(Seed::name),
                        landscape.shoots().stream().flatMap(shoot -> shoot.placement().responsible().stream()))
                .collect(toSet());
        if (!known.isEmpty() && !known.contains(name)) {
            problems.add(Problem.general(
                    Problem.Code.UNKNOWN_SEED,
                    "there is no Seed '" + name + "', and no shoot is on it" + nearest(name, known),
                    "give the name that the Seed has in the garden"));
        }
    }

    /** Scheduled shoots of this seed, by name; of two that claim one technical ID, only the first by name. */
    private List<Shoot> responsibleFor(Optional<String> seed) {
        var owners = new HashMap<String, ShootKey>();
        var shoots = new ArrayList<Shoot>();
        for (Shoot shoot : landscape.shoots().stream()
                .sorted(Comparator.comparing(Shoot::key))
                .toList()) {
            boolean ours = seed.isEmpty() || shoot.placement().responsible().equals(seed);
            if (!ours || shoot.technicalId().isEmpty()) {
                continue;
            }
            String id = shoot.technicalId().get();
            ShootKey owner = owners.putIfAbsent(id, shoot.key());
            if (owner == null) {
                shoots.add(shoot);
            } else {
                problems.add(Problem.of(
                        Problem.Code.TECHNICAL_ID_CONFLICT,
                        ref(shoot.key()),
                        "technical ID " + id + " already belongs to " + owner + "; this shoot gets no routes",
                        "remove one of the two shoots from the input"));
            }
        }
        return shoots;
    }

    private Map<String, Route> routes(List<Shoot> shoots) {
        var routes = new HashMap<String, Route>();
        for (Shoot shoot : shoots) {
            for (var destination : ShootDestinations.allowed(shoot, seedIndex)) {
                var route = new Route(shoot.key(), destination, seedIndex.resolve(destination));
                destination.headerValues().forEach(value -> routes.put(value, route));
            }
        }
        return routes;
    }

    private Map<ShootKey, List<Cidr>> access(GatewaySettings settings) {
        checkKnown(
                settings.access().stream().map(GatewaySettings.Access::shoot).toList(),
                Problem.Code.ACCESS_FOR_UNKNOWN_SHOOT,
                "gateway.access restricts a shoot that is not in the input");
        return settings.access().stream().collect(toMap(GatewaySettings.Access::shoot, GatewaySettings.Access::allow));
    }

    private void checkExemptions() {
        checkKnown(
                configuration.removal().exemptions().stream()
                        .map(RemovalSettings.Exemption::shoot)
                        .toList(),
                Problem.Code.EXEMPTION_FOR_UNKNOWN_SHOOT,
                "removal.exemptions names a shoot that is not in the input");
    }

    private void checkKnown(List<ShootKey> named, Problem.Code code, String message) {
        Set<String> known =
                landscape.shoots().stream().map(s -> s.key().toString()).collect(toSet());
        for (ShootKey shoot : named) {
            if (!known.contains(shoot.toString())) {
                String said = message + nearest(shoot.toString(), known);
                problems.add(Problem.of(code, ref(shoot), said, "correct the name or remove the entry"));
            }
        }
    }

    private static String nearest(String name, Set<String> known) {
        return Nearest.to(name, known).map(n -> " (did you mean " + n + "?)").orElse("");
    }

    private List<ShootPlan> shootPlans(List<Shoot> shoots) {
        boolean unifiedByGate = gates.enabled(Feature.USE_UNIFIED_HTTP_PROXY_PORT);
        return shoots.stream()
                .map(shoot -> {
                    boolean wanted = shoot.choice().orElse(unifiedByGate);
                    boolean unified = wanted || legacyPort.isClosed();
                    boolean gardenlets = isGardenlets(shoot);
                    if (unified && !wanted && !(gardenlets && shoot.choice().isEmpty())) {
                        problems.add(legacyPortIsClosed(shoot));
                    }
                    var clients = new ShootClients(
                            shoot, unified ? Entrance.UNIFIED : Entrance.LEGACY, configuration, seedIndex);
                    // What is missing for their configuration is nobody's problem where gardenlet writes it.
                    return clients.plan(gardenlets ? new ArrayList<>() : problems);
                })
                .toList();
    }

    /** Whether gardenlet deploys its clients: then our gate says nothing of them. */
    private boolean isGardenlets(Shoot shoot) {
        return configuration.ownership().shoots() == Ownership.Mode.Observe
                && (shoot.declared().anothersConstraint().isPresent()
                        || shoot.placement()
                                .responsible()
                                .filter(seedIndex::hasGardenlet)
                                .isPresent());
    }

    private Problem legacyPortIsClosed(Shoot shoot) {
        return Problem.of(
                Problem.Code.LEGACY_PORT_CLOSED,
                ref(shoot.key()),
                "it should use the legacy port, which has been removed; it keeps the unified one",
                legacyPort == LegacyPort.Removed
                        ? "bring the legacy port back with 'moongate legacy-port restore' first"
                        : "the removal is final: turn " + Feature.USE_UNIFIED_HTTP_PROXY_PORT.gate()
                                + " on, and take the shoot's annotation away");
    }

    /** Upstream's bug 13832: the load balancer spoke PROXY, the new port did not, and the gate cut everybody off. */
    private void checkProxyProtocol(GatewaySettings settings) {
        for (var seed : landscape.seeds()) {
            for (var entrance : Entrance.values()) {
                var mode = settings.listeners().of(entrance).proxyProtocol().mode();
                if (seed.proxyProtocolAnywhere() && mode == GatewaySettings.ProxyProtocol.Mode.Disabled) {
                    problems.add(Problem.of(
                            Problem.Code.PROXY_PROTOCOL_MISMATCH,
                            new ObjectRef("Seed", "", seed.name()),
                            "the seed's load balancers may send PROXY headers, but the " + entrance.label()
                                    + " listener refuses them",
                            "set gateway.listeners." + entrance.label()
                                    + ".proxyProtocol.mode to Optional or Strict, with trustedCIDRs"));
                }
            }
        }
    }

    private void checkListeners(GatewaySettings settings) {
        for (var entrance : Entrance.values()) {
            if (settings.listeners().of(entrance).addresses().isEmpty()) {
                problems.add(Problem.general(
                        Problem.Code.NO_LISTENER,
                        "the " + entrance.label() + " listener has no address: clients that use it are cut off",
                        "give gateway.listeners." + entrance.label() + ".addresses at least one address"));
            }
        }
    }

    static ObjectRef ref(ShootKey key) {
        return new ObjectRef("Shoot", key.namespace(), key.name());
    }
}
