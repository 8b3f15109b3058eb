package io.moongate.manifest.write;

import io.moongate.manifest.read.ConfigurationView;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.condition.Lifecycle;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects of the model as manifests that {@code ManifestReader} reads back as they were, as far as a plan depends on
 * them.
 */
public final class ManifestWriter {
    private ManifestWriter() {}

    public static Map<String, Object> tree(Manifest manifest) {
        return switch (manifest) {
            case Manifest.OfShoot shoot -> shoot(shoot.shoot());
            case Manifest.OfSeed seed -> seed(seed.seed());
            case Manifest.OfService service -> service(service.service());
            case Manifest.OfEndpointSlice slice -> endpointSlice(slice.slice());
            case Manifest.OfConfiguration configuration -> configuration(configuration.configuration());
        };
    }

    private static Map<String, Object> configuration(MoongateConfiguration configuration) {
        var tree = envelope(MoongateConfiguration.API_VERSION, MoongateConfiguration.KIND);
        tree.putAll(ConfigurationView.of(configuration));
        return tree;
    }

    private static Map<String, Object> seed(Seed seed) {
        var tree = envelope("core.gardener.cloud/v1beta1", "Seed");
        tree.put("metadata", Map.of("name", seed.name()));
        var settings = new LinkedHashMap<String, Object>(allowed(seed.proxyProtocol()));
        var zones = new ArrayList<Object>();
        seed.zones().forEach((name, proxyProtocol) -> {
            var zone = new LinkedHashMap<String, Object>(allowed(proxyProtocol));
            zone.put("name", name);
            zones.add(zone);
        });
        settings.put("zones", zones);
        var spec = new LinkedHashMap<String, Object>();
        spec.put("settings", Map.of("loadBalancerServices", settings));
        var networks = new LinkedHashMap<String, Object>();
        seed.networks().pods().ifPresent(range -> networks.put("pods", range.toString()));
        seed.networks().vpn().ifPresent(range -> networks.put("vpn", range.toString()));
        if (!networks.isEmpty()) {
            spec.put("networks", networks);
        }
        tree.put("spec", spec);
        return tree;
    }

    private static Map<String, Object> allowed(boolean proxyProtocol) {
        return Map.of("proxyProtocol", Map.of("allowed", proxyProtocol));
    }

    private static Map<String, Object> shoot(Shoot shoot) {
        var tree = envelope("core.gardener.cloud/v1beta1", "Shoot");
        var annotations = new LinkedHashMap<String, Object>();
        annotations.put(
                "alpha.control-plane.shoot.gardener.cloud/high-availability-vpn",
                String.valueOf(shoot.traits().highlyAvailableVpn()));
        shoot.choice()
                .ifPresent(c -> annotations.put("moongate.io/unified-http-proxy-port", c ? "enabled" : "disabled"));
        var metadata = metadata(shoot.key().namespace(), shoot.key().name());
        metadata.put("annotations", annotations);
        tree.put("metadata", metadata);

        var spec = new LinkedHashMap<String, Object>();
        shoot.placement().specSeed().ifPresent(s -> spec.put("seedName", s));
        spec.put(
                "provider",
                Map.of("workers", shoot.traits().workerless() ? List.of() : List.of(Map.of("name", "worker"))));
        spec.put("dns", shoot.traits().withoutDns() ? Map.of() : Map.of("domain", "known"));
        shoot.purpose().ifPresent(p -> spec.put("purpose", p));
        spec.put("networking", Map.of("ipFamilies", shoot.ipFamilies()));
        tree.put("spec", spec);

        var status = new LinkedHashMap<String, Object>();
        shoot.technicalId().ifPresent(id -> status.put("technicalID", id));
        shoot.placement().statusSeed().ifPresent(s -> status.put("seedName", s));
        status.put("hibernated", shoot.traits().lifecycle() == Lifecycle.HIBERNATED);
        var addresses = new ArrayList<Object>();
        shoot.advertised().forEach((name, url) -> addresses.add(Map.of("name", name, "url", url)));
        status.put("advertisedAddresses", addresses);
        networking(shoot.networks()).ifPresent(n -> status.put("networking", n));
        tree.put("status", status);
        return tree;
    }

    private static Optional<Map<String, Object>> networking(ShootNetworks networks) {
        return networks.equals(ShootNetworks.UNKNOWN)
                ? Optional.empty()
                : Optional.of(Map.of(
                        "pods", texts(networks.pods()),
                        "services", texts(networks.services()),
                        "nodes", texts(networks.nodes())));
    }

    private static List<String> texts(List<Cidr> ranges) {
        return ranges.stream().map(Cidr::toString).toList();
    }

    private static Map<String, Object> service(Service service) {
        var tree = envelope("v1", "Service");
        tree.put("metadata", metadata(service.namespace(), service.name()));
        tree.put(
                "spec",
                Map.of(
                        "clusterIPs",
                        service.clusterIps(),
                        "ports",
                        ports(service.ports()),
                        "selector",
                        service.selector()));
        return tree;
    }

    private static Map<String, Object> endpointSlice(EndpointSlice slice) {
        var tree = envelope("discovery.k8s.io/v1", "EndpointSlice");
        var metadata = metadata(slice.namespace(), slice.name());
        metadata.put("labels", Map.of("kubernetes.io/service-name", slice.serviceName()));
        tree.put("metadata", metadata);
        tree.put("addressType", isIpv6(slice) ? "IPv6" : "IPv4");
        tree.put(
                "endpoints",
                slice.endpoints().stream()
                        .map(e -> Map.of(
                                "addresses",
                                e.addresses(),
                                "conditions",
                                Map.of("ready", e.ready(), "serving", e.serving())))
                        .toList());
        tree.put("ports", ports(slice.ports()));
        return tree;
    }

    private static boolean isIpv6(EndpointSlice slice) {
        return slice.endpoints().stream()
                .flatMap(endpoint -> endpoint.addresses().stream())
                .anyMatch(address -> address.indexOf(':') >= 0);
    }

    private static List<Map<String, Object>> ports(List<Service.Port> ports) {
        return ports.stream()
                .map(p -> Map.<String, Object>of(
                        "name", p.name(), "port", p.number(), "protocol", p.tcp() ? "TCP" : "UDP"))
                .toList();
    }

    private static Map<String, Object> metadata(String namespace, String name) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("namespace", namespace);
        metadata.put("name", name);
        return metadata;
    }

    private static Map<String, Object> envelope(String apiVersion, String kind) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        return tree;
    }
}
