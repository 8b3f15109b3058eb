package io.moongate.manifest.read;

import io.moongate.manifest.yaml.Fields;
import io.moongate.manifest.yaml.InputException;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Service;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.HostPort;
import io.moongate.model.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Seeds, and the objects in a seed that say where control planes are. */
final class SeedObjects {
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
                seed.child("metadata").required("name"),
                settings.child("proxyProtocol").bool("allowed").orElse(false),
                zones);
    }

    static Service service(Fields service) throws InputException {
        Fields metadata = service.child("metadata");
        Fields spec = service.child("spec");
        var clusterIps = new LinkedHashSet<String>();
        spec.string("clusterIP").ifPresent(clusterIps::add);
        clusterIps.addAll(spec.strings("clusterIPs"));
        clusterIps.removeIf(ip -> ip.isEmpty() || ip.equals("None"));
        return new Service(
                metadata.string("namespace").orElse("default"),
                metadata.required("name"),
                List.copyOf(clusterIps),
                ports(spec),
                spec.stringMap("selector"));
    }

    /** Empty for a slice that belongs to no Service. */
    static Optional<EndpointSlice> endpointSlice(Fields slice) throws InputException {
        Fields metadata = slice.child("metadata");
        String serviceName = metadata.stringMap("labels").get(SERVICE_NAME);
        if (serviceName == null) {
            return Optional.empty();
        }
        boolean names = slice.string("addressType").equals(Optional.of("FQDN"));
        var endpoints = new ArrayList<EndpointSlice.Endpoint>();
        for (Fields endpoint : slice.children("endpoints")) {
            Fields conditions = endpoint.child("conditions");
            // As Kubernetes defines it: a condition that is not there counts as true.
            boolean ready = conditions.bool("ready").orElse(true);
            boolean serving = conditions.bool("serving").orElse(ready);
            endpoints.add(new EndpointSlice.Endpoint(addresses(endpoint, names), ready, serving, pod(endpoint)));
        }
        return Optional.of(new EndpointSlice(
                metadata.string("namespace").orElse("default"),
                metadata.required("name"),
                serviceName,
                endpoints,
                ports(slice)));
    }

    private static Optional<String> pod(Fields endpoint) throws InputException {
        Fields target = endpoint.child("targetRef");
        return target.string("kind").equals(Optional.of("Pod")) ? target.string("name") : Optional.empty();
    }

    private static List<String> addresses(Fields endpoint, boolean names) throws InputException {
        List<String> addresses = endpoint.strings("addresses");
        for (String address : addresses) {
            if (!names && Addresses.parse(address).isEmpty()) {
                throw new InputException(
                        Problem.Code.INVALID_VALUE,
                        endpoint.place(),
                        "endpoint address '" + address + "' is not an IP address",
                        "correct it");
            }
        }
        return addresses;
    }

    /** Ports without a number mean "all ports" in a slice and do not exist in a Service: neither helps here. */
    private static List<Service.Port> ports(Fields parent) throws InputException {
        var ports = new ArrayList<Service.Port>();
        for (Fields port : parent.children("ports")) {
            Optional<Integer> number = port.integer("port");
            if (number.isPresent()) {
                ports.add(new Service.Port(port.string("name").orElse(""), new HostPort("port", number.get()).port()));
            }
        }
        return ports;
    }
}
