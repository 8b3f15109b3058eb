package io.moongate.operator.provider;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.landscape.Service;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.Problem;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A seed as its two API servers show it: Shoots with their conditions from the garden, Services and EndpointSlices from
 * the seed, and the configuration from a folder.
 */
public final class LiveSource implements ManifestSource, AutoCloseable {
    /** With something to start from, so long the API servers are waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final boolean hasLastGood;
    private final FolderSource configuration;
    private final ClusterSource garden;
    private final ClusterSource seed;
    private final Changes changes = new Changes();
    private final Gateways gateways;
    private @Nullable Instant firstLook;
    private Snapshot snapshot;

    /** Garden and seed; whoever opened them closes them. */
    public record Clusters(KubernetesClient garden, KubernetesClient seed) implements AutoCloseable {
        /**
         * @param garden empty: the garden is the seed
         * @param seed empty: the cluster in which this runs, else as kubectl finds one
         */
        public static Clusters of(Optional<Path> garden, Optional<Path> seed) {
            return new Clusters(Clients.of(garden.or(() -> seed)), Clients.of(seed));
        }

        @Override
        public void close() {
            garden.close();
            seed.close();
        }
    }

    /**
     * The Services whose pods serve tunnels.
     *
     * @param ingress name of Istio's ingress gateways' Services, in any namespace
     * @param own namespace and name of our own gateways' Service
     */
    public record Gateways(String ingress, String namespace, String own) {
        private boolean has(Service service) {
            return service.name().equals(ingress)
                    || (service.name().equals(own) && service.namespace().equals(namespace));
        }
    }

    /** @param held what was last good before a restart, by its place */
    public LiveSource(Path configuration, Clusters clusters, Gateways gateways, Map<String, List<Manifest>> held) {
        this.configuration = new FolderSource(configuration, Map.of());
        this.gateways = gateways;
        this.hasLastGood = !held.isEmpty();
        this.snapshot = new Snapshot(LastGood.landscape(held), held, List.of());
        this.garden = new ClusterSource("garden", clusters.garden(), changes::signal);
        this.seed = new ClusterSource("seed", clusters.seed(), changes::signal);
        garden.watch(WatchedKind.ofGarden());
        seed.watch(WatchedKind.ofSeedWithPods(Set.of(gateways.ingress(), gateways.own())));
    }

    @Override
    public Look look(Instant now) {
        Instant since = firstLook == null ? now : firstLook;
        firstLook = since;
        Look folder = configuration.look(now);
        if (folder.changed()) {
            changes.signal();
        }
        boolean complete = folder.settled() && garden.complete() && seed.complete();
        if (!complete) {
            boolean tired = hasLastGood && !now.isBefore(since.plus(PATIENCE));
            return new Look(tired ? away(snapshot) : snapshot, false, tired);
        }
        Optional<Snapshot> assembled = changes.take(() -> assemble(folder.snapshot()));
        snapshot = assembled.orElse(snapshot);
        return new Look(snapshot, assembled.isPresent(), true);
    }

    private Snapshot assemble(Snapshot folder) {
        var objects = new HashMap<>(folder.objects());
        objects.put("garden", List.copyOf(garden.objects()));
        objects.put("seed", List.copyOf(seed.objects()));
        var problems = new ArrayList<>(folder.problems());
        problems.addAll(garden.problems());
        problems.addAll(seed.problems());
        return new Snapshot(LastGood.landscape(objects), objects, problems, folder.hiddenConfiguration());
    }

    private Snapshot away(Snapshot known) {
        var problem = Problem.general(
                Problem.Code.SOURCE_AWAY,
                "the garden's or the seed's API server cannot be read; the last good stays in force",
                "see whether Shoots and Seeds of the garden, Services and EndpointSlices of the seed may be listed");
        return new Snapshot(known.landscape(), known.objects(), List.of(problem));
    }

    /**
     * The pods that have tunnels now, also those that only end theirs; empty while that is not known. From any thread.
     *
     * @param port a Service that does not lead there serves no tunnels on it, whatever its name is
     */
    public Optional<Set<GatewayPod>> gatewayPods(int port) {
        if (!seed.complete()) {
            return Optional.empty();
        }
        Collection<Manifest> objects = seed.objects();
        Set<String> serving = leadingTo(port, objects, gateways::has).collect(toSet());
        var addresses = new HashMap<String, Set<InetAddress>>();
        for (Manifest manifest : objects) {
            if (manifest instanceof Manifest.OfEndpointSlice(EndpointSlice slice)
                    && serving.contains(slice.namespace() + "/" + slice.serviceName())) {
                slice.endpoints().stream()
                        .filter(endpoint -> endpoint.ready() || endpoint.serving())
                        .forEach(endpoint -> addresses
                                .computeIfAbsent(name(slice, endpoint), name -> new HashSet<>())
                                .addAll(parsed(endpoint)));
            }
        }
        return Optional.of(addresses.entrySet().stream()
                .map(pod -> new GatewayPod(pod.getKey(), pod.getValue()))
                .collect(toSet()));
    }

    /** {@code namespace/name} of the Services that lead to this port. */
    private static Stream<String> leadingTo(int port, Collection<Manifest> objects, Predicate<Service> which) {
        return objects.stream()
                .flatMap(m -> m instanceof Manifest.OfService(Service service)
                                && which.test(service)
                                && service.tcpPorts().stream().anyMatch(p -> p.number() == port)
                        ? Stream.of(service.namespace() + "/" + service.name())
                        : Stream.empty());
    }

    private static List<InetAddress> parsed(EndpointSlice.Endpoint endpoint) {
        return endpoint.addresses().stream()
                .flatMap(address -> Addresses.parse(address).stream())
                .toList();
    }

    private static String name(EndpointSlice slice, EndpointSlice.Endpoint endpoint) {
        return endpoint.pod()
                .map(pod -> pod + "." + slice.namespace())
                .orElseGet(() -> String.join(",", endpoint.addresses()));
    }

    /** Whether our own gateways' Service does; empty where there is none. From any thread. */
    public Optional<Boolean> ownLeadsTo(int port) {
        return seed.leadsTo(port, gateways.namespace(), gateways.own());
    }

    /** The ingress gateways' Services that lead to a port. From any thread. */
    public List<String> ingressWith(int port) {
        return leadingTo(port, seed.objects(), service -> service.name().equals(gateways.ingress()))
                .map(service -> "Service " + service)
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        garden.close();
        seed.close();
    }
}
