package io.moongate.model.landscape;

import io.moongate.model.config.MoongateConfiguration;
import java.util.List;
import java.util.Optional;

/** One snapshot of all input. {@code configuration} is empty where no manifest gives one: then the defaults hold. */
public record Landscape(
        Optional<MoongateConfiguration> configuration,
        List<Seed> seeds,
        List<Shoot> shoots,
        List<Service> services,
        List<EndpointSlice> endpointSlices) {
    public static final Landscape EMPTY = new Landscape(Optional.empty(), List.of(), List.of(), List.of(), List.of());

    public Landscape {
        seeds = List.copyOf(seeds);
        shoots = List.copyOf(shoots);
        services = List.copyOf(services);
        endpointSlices = List.copyOf(endpointSlices);
    }
}
