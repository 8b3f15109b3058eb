package io.moongate.plan;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Target;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Service;
import io.moongate.model.plan.IngressGateway;
import io.moongate.model.problem.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the seed's ingress gateways by their Services, and whether each gets PROXY headers. */
final class IngressGateways {
    /** Between the default namespace and the zone, as upstream names them. */
    private static final String ZONE = "--";
    /**
     * Gateways that Gardener puts beside a seed's under the same name: before the garden's API server, where the seed runs
     * in the garden's cluster, and before that of a self-hosted shoot. No VPN leads through them, and nothing is missing.
     */
    private static final List<String> NOT_OF_A_SEED =
            List.of("virtual-garden-istio-ingress", "self-hosted-shoot-istio-ingress");

    private final Landscape landscape;
    private final MoongateConfiguration configuration;
    private final Optional<String> seed;

    IngressGateways(Landscape landscape, MoongateConfiguration configuration, Optional<String> seed) {
        this.landscape = landscape;
        this.configuration = configuration;
        this.seed = seed;
    }

    /** Sorted by namespace; none where the target is our own gateway. */
    List<IngressGateway> find(List<Problem> problems) {
        if (configuration.target() != Target.Istio) {
            return List.of();
        }
        String name = configuration.istio().ingressService();
        List<IngressGateway> found = landscape.services().stream()
                .filter(s -> s.name().equals(name) && !s.selector().isEmpty() && isOfASeed(s.namespace()))
                .sorted(Comparator.comparing(Service::namespace))
                .map(s -> new IngressGateway(s.namespace(), name, s.selector(), proxyProtocol(s.namespace())))
                .toList();
        if (found.isEmpty()) {
            problems.add(Problem.general(
                    Problem.Code.NO_INGRESS_GATEWAY,
                    "the target is Istio, but no Service '" + name + "' with a selector is in the input",
                    "add the ingress gateways' Services, or set istio.ingressService to their name"));
        }
        return found;
    }

    private static boolean isOfASeed(String namespace) {
        return NOT_OF_A_SEED.stream().noneMatch(n -> namespace.equals(n) || namespace.startsWith(n + ZONE));
    }

    private boolean proxyProtocol(String namespace) {
        int zone = namespace.lastIndexOf(ZONE);
        return landscape.seeds().stream()
                .filter(s -> seed.isEmpty() || seed.get().equals(s.name()))
                .anyMatch(s ->
                        zone < 0 ? s.proxyProtocol() : s.proxyProtocolIn(namespace.substring(zone + ZONE.length())));
    }
}
