package io.moongate.model.plan;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Entrance;
import java.util.Optional;

/**
 * One OpenVPN client configuration: HA shoots have one per server.
 *
 * @param number of this client among the shoot's
 * @param gardener empty for a server that wants certificates alone
 */
public record VpnClientPlan(ClientAddress dial, Destination destination, int number, Optional<GardenerVpn> gardener) {
    VpnClientPlan through(Entrance other, int port) {
        return new VpnClientPlan(dial.through(other, port), destination, number, gardener);
    }
}
