package io.moongate.model.plan;

import io.moongate.model.config.ComponentSettings.VpnClient.BondingMode;
import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.ShootNetworks;
import io.moongate.model.net.Addresses;
import io.moongate.model.net.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * What a VPN client has to do besides, where its server is of Gardener's form: such a server wants a shared key before
 * TLS, and dials mapped addresses of the shoot through a transfer network of IPv6.
 *
 * @param ipFamilies of the shoot, in order of preference
 * @param servers with more than one, each has its own device, and a bond joins them
 * @param bondingMode that of the seed's bonds, too
 */
public record GardenerVpn(
        List<String> ipFamilies, SeedNetworks seed, ShootNetworks shoot, int servers, BondingMode bondingMode) {
    public GardenerVpn {
        ipFamilies = List.copyOf(ipFamilies);
    }

    /** In the tunnel, seeds' pods of IPv4 are here where addresses are mapped; nothing else is. */
    private static final Cidr MAPPED_SEED_PODS = Cidr.parse("241.0.0.0/8");

    /**
     * Whether IPv4 addresses are others in the tunnel: without HA always, with HA where the seed's pods are in the
     * shoot's ranges.
     */
    public boolean mapped() {
        return !highlyAvailable()
                || seed.pods()
                        .filter(pods -> shoot.all().anyMatch(pods::overlaps))
                        .isPresent();
    }

    /** Where the seed's pods are, as the shoot sees them; empty where that is unknown. */
    public Optional<Cidr> seedPods() {
        boolean ipv6 =
                seed.pods().filter(pods -> !Addresses.isIpv4(pods.network())).isPresent();
        return mapped() && !ipv6 ? Optional.of(MAPPED_SEED_PODS) : seed.pods();
    }

    public boolean highlyAvailable() {
        return servers > 1;
    }

    public boolean usesIpv4() {
        return ipFamilies.isEmpty() || ipFamilies.contains("IPv4");
    }

    public boolean usesIpv6() {
        return ipFamilies.contains("IPv6");
    }
}
