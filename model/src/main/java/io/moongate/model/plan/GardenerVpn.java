package io.moongate.model.plan;

import io.moongate.model.landscape.SeedNetworks;
import io.moongate.model.landscape.ShootNetworks;
import java.util.List;

/**
 * What a VPN client has to do besides, where its server is of Gardener's form: such a server wants a shared key before
 * TLS, and dials mapped addresses of the shoot through a transfer network of IPv6.
 *
 * @param ipFamilies of the shoot, in order of preference
 * @param servers with more than one, each has its own device, and a bond joins them
 */
public record GardenerVpn(List<String> ipFamilies, SeedNetworks seed, ShootNetworks shoot, int servers) {
    public GardenerVpn {
        ipFamilies = List.copyOf(ipFamilies);
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
