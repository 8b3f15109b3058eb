package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.Service;
import io.moongate.model.net.Addresses;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Seeds, and the objects in a seed that say where control planes are. */
final class SeedObjects {
    private static final Set<String> ADDRESS_TYPES = Set.of("IPv4", "IPv6");
    private static final int LARGEST_PORT = 65_535;

    static final String SERVICE_NAME = "kubernetes.io/service-name";

    private SeedObjects() {}

    static Seed seed(Fields seed) throws InputException {
        Fields settings = seed.child("spec").child("settings").child("loadBalancerServices");
        var zones = new LinkedHashMap<String, Boolean>();
        for (Fields zone : settings.children("zones")) {
            Optional<Boolean> allowed = zone.child("proxyProtocol").bool("allowed");
            if (allowed.isPresent()) {
                zones.put(zone.required("name"), allowed.get());
            }
        }
        return new Seed(
                Names.name(seed.child("metadata")),
                settings.child("proxyProtocol").bool("allowed").orElse(false),
                zones,
                gardenlet(seed.child("status").child("gardener")),
                networks(seed.child("spec").child("networks")));
    }

    private static SeedNetworks networks(Fields networks) throws InputException {
        return new SeedNetworks(Ranges.of(networks.string("pods")), Ranges.of(networks.string("vpn")));
    }

    /** gardenlet writes it into the Seed that it looks after. */
    private static Optional<String> gardenlet(Fields gardener) throws InputException {
        return gardener.string("version").or(() -> gardener.has("name") ? Optional.of("") : Optional.empty());
    }

    /** @param ignored collects what of it is not used */
    static Service service(Fields service, BoundedProblems ignored) throws InputException {
        Fields metadata = service.child("metadata");
        Fields spec = service.child("spec");
        var clusterIps = new LinkedHashSet<String>();
        spec.string("clusterIP").ifPresent(clusterIps::add);
        clusterIps.addAll(spec.strings("clusterIPs"));
        clusterIps.removeIf(ip -> ip.isEmpty() || ip.equals("None"));
        return new Service(
                Names.namespace(metadata),
                Names.name(metadata),
                List.copyOf(clusterIps),
                ports(spec, ignored),
                spec.stringMap("selector"));
    }

    /**
     * Empty for a slice that belongs to no Service. What cannot be dialled is left out, the rest is used.
     *
     * @param ignored collects what of it is not used
     */
    static Optional<EndpointSlice> endpointSlice(Fields slice, BoundedProblems ignored) throws InputException {
        Fields metadata = slice.child("metadata");
        String serviceName = metadata.stringMap("labels").get(SERVICE_NAME);
        if (serviceName == null) {
            return Optional.empty();
        }
        String type = slice.string("addressType").orElse("IPv4");
        boolean addresses = ADDRESS_TYPES.contains(type);
        if (!addresses) {
            ignored.add(Problem.at(
                    Problem.Code.ENDPOINT_IGNORED,
                    slice.place(),
                    "endpoints of addressType " + type + " are ignored, as Kubernetes' own proxies do",
                    "give them as IPv4 or IPv6 addresses"));
        }
        var endpoints = new ArrayList<EndpointSlice.Endpoint>();
        for (Fields endpoint : slice.children("endpoints")) {
            Fields conditions = endpoint.child("conditions");
            // As Kubernetes defines it: a condition that is not there counts as true.
            boolean ready = conditions.bool("ready").orElse(true);
            boolean serving = conditions.bool("serving").orElse(ready);
            boolean terminating = conditions.bool("terminating").orElse(false);
            List<String> usable = addresses ? addresses(endpoint, ignored) : List.of();
            if (!usable.isEmpty()) {
                endpoints.add(new EndpointSlice.Endpoint(usable, ready, serving, terminating, pod(endpoint)));
            }
        }
        return Optional.of(new EndpointSlice(
                Names.namespace(metadata), Names.name(metadata), serviceName, endpoints, ports(slice, ignored)));
    }

    private static Optional<String> pod(Fields endpoint) throws InputException {
        Fields target = endpoint.child("targetRef");
        return target.string("kind").equals(Optional.of("Pod")) ? target.string("name") : Optional.empty();
    }

    private static List<String> addresses(Fields endpoint, BoundedProblems ignored) throws InputException {
        var usable = new ArrayList<String>();
        for (String address : endpoint.strings("addresses")) {
            if (Addresses.parse(address).isPresent()) {
                usable.add(address);
            } else {
                ignored.add(Problem.at(
                        Problem.Code.ENDPOINT_IGNORED,
                        endpoint.place(),
                        "endpoint address '" + address + "' is not an IP address; it is ignored",
                        "correct it"));
            }
        }
        return usable;
    }

    /**
     * Ports without a number mean "all ports" in a slice and do not exist in a Service: neither helps
     * here.
     */
    private static List<Service.Port> ports(Fields parent, BoundedProblems ignored) throws InputException {
        var ports = new ArrayList<Service.Port>();
        for (Fields port : parent.children("ports")) {
            Optional<Integer> number = port.integer("port");
            boolean tcp = port.string("protocol").orElse("TCP").equals("TCP");
            if (number.isEmpty()) {
                continue;
            }
            if (number.get() < 1 || number.get() > LARGEST_PORT) {
                ignored.add(Problem.at(
                        Problem.Code.ENDPOINT_IGNORED,
                        port.place(),
                        "port " + number.get() + " is not between 1 and " + LARGEST_PORT + "; it is ignored",
                        "correct it"));
            } else {
                ports.add(new Service.Port(port.string("name").orElse(""), number.get(), tcp));
            }
        }
        return ports;
    }
}
