package io.moongate.model.plan;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import java.util.List;
import java.util.Optional;

/**
 * What a shoot's own components should be.
 *
 * @param entrance the port its clients use
 * @param vpnClients none for workerless shoots, one, or one per server with HA
 */
public record ShootPlan(
        ShootKey shoot,
        String technicalId,
        Entrance entrance,
        List<VpnClientPlan> vpnClients,
        Optional<ApiServerProxyPlan> apiServerProxy) {
    public ShootPlan {
        vpnClients = List.copyOf(vpnClients);
    }

    /** The same clients through another port. */
    public ShootPlan using(Entrance other, int port) {
        return new ShootPlan(
                shoot,
                technicalId,
                other,
                vpnClients.stream().map(vpn -> vpn.through(other, port)).toList(),
                apiServerProxy.map(proxy -> new ApiServerProxyPlan(
                        proxy.dial().through(other, port),
                        proxy.destination(),
                        proxy.advertisedIp(),
                        proxy.dnsFamily(),
                        proxy.keepalive())));
    }
}
