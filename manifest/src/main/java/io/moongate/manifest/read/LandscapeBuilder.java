package io.moongate.manifest.read;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.EndpointSlice;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Seed;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Manifests to a landscape. */
public final class LandscapeBuilder {
    private Optional<MoongateConfiguration> configuration = Optional.empty();
    private final List<Seed> seeds = new ArrayList<>();
    private final List<Shoot> shoots = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();

    public void add(Manifest manifest) {
        switch (manifest) {
            case Manifest.OfConfiguration c -> configuration = Optional.of(c.configuration());
            case Manifest.OfSeed s -> seeds.add(s.seed());
            case Manifest.OfShoot s -> shoots.add(s.shoot());
            case Manifest.OfService s -> services.add(s.service());
            case Manifest.OfEndpointSlice s -> slices.add(s.slice());
        }
    }

    public Landscape build() {
        return new Landscape(configuration, seeds, shoots, services, slices);
    }
}
