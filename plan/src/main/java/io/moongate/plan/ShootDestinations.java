package io.moongate.plan;

import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.landscape.Shoot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which servers of a shoot tunnels may reach, and to which of them its own VPN clients connect. */
final class ShootDestinations {
    private static final int HA_SERVERS = 2;

    private ShootDestinations() {}

    /**
     * What its spec asks for, and every VPN server that its namespace really has: while a shoot changes to or from an
     * HA VPN both kinds are in use, and nobody is cut off on the way.
     */
    static Set<Destination> allowed(Shoot shoot, SeedIndex seed) {
        String namespace = shoot.technicalId().orElseThrow();
        var all = new LinkedHashSet<Destination>();
        all.add(new Destination(Server.KUBE_APISERVER, namespace));
        if (shoot.traits().workerless()) {
            return all;
        }
        all.addAll(vpnServers(shoot));
        var candidates = new ArrayList<>(Server.VPN_MEMBERS);
        candidates.add(Server.VPN);
        candidates.stream()
                .map(s -> new Destination(s, namespace))
                .filter(seed::knows)
                .forEach(all::add);
        return all;
    }

    static List<Destination> vpnServers(Shoot shoot) {
        String namespace = shoot.technicalId().orElseThrow();
        if (shoot.traits().workerless()) {
            return List.of();
        }
        return shoot.traits().highlyAvailableVpn()
                ? Server.VPN_MEMBERS.stream()
                        .limit(HA_SERVERS)
                        .map(s -> new Destination(s, namespace))
                        .toList()
                : List.of(new Destination(Server.VPN, namespace));
    }
}
