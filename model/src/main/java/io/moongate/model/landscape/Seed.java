package io.moongate.model.landscape;

import java.util.Map;
import java.util.Optional;

/**
 * A host cluster.
 *
 * @param proxyProtocol whether its load balancers may put a PROXY header before a connection
 * @param zones the same for the load balancers of single zones, where it is set
 * @param gardenlet the version of the gardenlet that looks after it, where one does
 */
public record Seed(
        String name,
        boolean proxyProtocol,
        Map<String, Boolean> zones,
        Optional<String> gardenlet,
        SeedNetworks networks) {
    public Seed {
        zones = Map.copyOf(zones);
    }

    /** One of which no address ranges are known. */
    public Seed(String name, boolean proxyProtocol, Map<String, Boolean> zones, Optional<String> gardenlet) {
        this(name, proxyProtocol, zones, gardenlet, SeedNetworks.UNKNOWN);
    }

    /** Whether any of its load balancers may. */
    public boolean proxyProtocolAnywhere() {
        return proxyProtocol || zones.containsValue(true);
    }

    public boolean proxyProtocolIn(String zone) {
        return zones.getOrDefault(zone, proxyProtocol);
    }
}
