package io.moongate.model.landscape;

import io.moongate.model.net.Cidr;
import java.util.List;
import java.util.stream.Stream;

/** A shoot's own address ranges, as far as they are known. */
public record ShootNetworks(List<Cidr> pods, List<Cidr> services, List<Cidr> nodes) {
    public static final ShootNetworks UNKNOWN = new ShootNetworks(List.of(), List.of(), List.of());

    public ShootNetworks {
        pods = List.copyOf(pods);
        services = List.copyOf(services);
        nodes = List.copyOf(nodes);
    }

    public Stream<Cidr> all() {
        return Stream.of(pods, services, nodes).flatMap(List::stream);
    }
}
