package io.moongate.plan;

import static java.util.stream.Collectors.groupingBy;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.EndpointSlice.Endpoint;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.net.HostPort;
import io.moongate.model.plan.Upstreams;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The seed's Services and EndpointSlices by namespace and Service name, and what a destination resolves to. */
final class SeedIndex {
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, List<EndpointSlice>> slices;
    private final Map<String, SeedNetworks> networks = new HashMap<>();

    private final Set<String> withGardenlet = new HashSet<>();

    SeedIndex(Landscape landscape) {
        landscape.seeds().stream().filter(s -> s.gardenlet().isPresent()).forEach(s -> withGardenlet.add(s.name()));
        landscape.seeds().forEach(s -> networks.put(s.name(), s.networks()));
        landscape.services().forEach(s -> services.put(key(s.namespace(), s.name()), s));
        slices = landscape.endpointSlices().stream().collect(groupingBy(s -> key(s.namespace(), s.serviceName())));
    }

    Optional<Service> service(String namespace, String name) {
        return Optional.ofNullable(services.get(key(namespace, name)));
    }

    /** Where the seed of a shoot has its own addresses. */
    SeedNetworks networks(Shoot shoot) {
        return shoot.placement().responsible().map(networks::get).orElse(SeedNetworks.UNKNOWN);
    }

    /** Whether a gardenlet has written its name into the Seed. */
    boolean hasGardenlet(String seed) {
        return withGardenlet.contains(seed);
    }

    boolean knows(Destination destination) {
        String key = key(destination.namespace(), destination.server().service());
        return services.containsKey(key) || slices.containsKey(key);
    }

    Upstreams resolve(Destination destination) {
        Server server = destination.server();
        List<EndpointSlice> own = slices.getOrDefault(key(destination.namespace(), server.service()), List.of());
        if (own.isEmpty()) {
            return new Upstreams.DnsName(new HostPort(destination.dnsName(), server.port()));
        }
        // As kube-proxy does: while no endpoint is ready, those that still serve are better than none.
        List<HostPort> ready = endpoints(own, destination, Endpoint::ready);
        return new Upstreams.Endpoints(ready.isEmpty() ? endpoints(own, destination, Endpoint::serving) : ready);
    }

    private List<HostPort> endpoints(List<EndpointSlice> own, Destination destination, Predicate<Endpoint> usable) {
        return own.stream()
                .flatMap(slice -> portOf(slice, destination).stream()
                        .flatMap(port -> slice.endpoints().stream()
                                .filter(usable)
                                .flatMap(e -> e.addresses().stream())
                                .map(address -> new HostPort(address, port))))
                .distinct()
                .sorted()
                .toList();
    }

    /** The slice's port behind the Service's port, by the name that both share; without a Service, the likeliest. */
    private Optional<Integer> portOf(EndpointSlice slice, Destination destination) {
        Server server = destination.server();
        Optional<Integer> byName = service(destination.namespace(), server.service())
                .flatMap(s -> s.tcpPorts().stream()
                        .filter(p -> p.number() == server.port())
                        .findFirst())
                .flatMap(p -> number(slice, candidate -> candidate.name().equals(p.name())));
        return byName.or(() -> number(slice, p -> p.name().equals(server.service())))
                .or(() -> number(slice, p -> p.number() == server.port()))
                .or(() -> number(slice, p -> slice.ports().size() == 1));
    }

    private static Optional<Integer> number(EndpointSlice slice, Predicate<Service.Port> which) {
        return slice.tcpPorts().stream().filter(which).map(Service.Port::number).findFirst();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
