package io.moongate.model.landscape;

import io.moongate.model.net.Cidr;
import java.util.Optional;

/**
 * A seed's address ranges, as far as they are known.
 *
 * @param vpn the transfer network between its VPN servers and their clients
 */
public record SeedNetworks(Optional<Cidr> pods, Optional<Cidr> vpn) {
    public static final SeedNetworks UNKNOWN = new SeedNetworks(Optional.empty(), Optional.empty());
}
