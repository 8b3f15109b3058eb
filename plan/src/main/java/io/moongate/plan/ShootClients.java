package io.moongate.plan;

import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Service;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.ApiServerProxyPlan;
import io.moongate.model.plan.ApiServerProxyPlan.DnsFamily;
import io.moongate.model.plan.ClientAddress;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.plan.VpnClientPlan;
import io.moongate.model.problem.Problem;
import java.net.Inet4Address;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The clients that one shoot runs: its VPN clients and its API server proxy, and where they dial. */
final class ShootClients {
    private final Shoot shoot;
    private final String technicalId;
    private final Entrance entrance;
    private final MoongateConfiguration configuration;
    private final SeedIndex seed;

    ShootClients(Shoot shoot, Entrance entrance, MoongateConfiguration configuration, SeedIndex seed) {
        this.shoot = shoot;
        this.technicalId = shoot.technicalId().orElseThrow();
        this.entrance = entrance;
        this.configuration = configuration;
        this.seed = seed;
    }

    ShootPlan plan(List<Problem> problems) {
        if (shoot.traits().workerless()) {
            return new ShootPlan(shoot.key(), technicalId, entrance, List.of(), Optional.empty());
        }
        Optional<ClientAddress> dial = dial();
        if (dial.isEmpty()) {
            problems.add(Problem.of(
                    Problem.Code.NO_CLIENT_ADDRESS,
                    Planner.ref(shoot.key()),
                    "the shoot's status.advertisedAddresses has neither internal nor external: nothing can be written for its clients",
                    "wait until the shoot's control plane is up, or complete its status"));
            return new ShootPlan(shoot.key(), technicalId, entrance, List.of(), Optional.empty());
        }
        return new ShootPlan(
                shoot.key(),
                technicalId,
                entrance,
                vpnClients(dial.get(), problems),
                apiServerProxy(dial.get(), problems));
    }

    private List<VpnClientPlan> vpnClients(ClientAddress dial, List<Problem> problems) {
        List<Destination> servers = ShootDestinations.vpnServers(shoot);
        Optional<GardenerVpn> gardener = configuration.components().vpnClient().forGardener()
                ? Optional.of(gardenerVpn(servers.size(), problems))
                : Optional.empty();
        return IntStream.range(0, servers.size())
                .mapToObj(i -> new VpnClientPlan(dial, servers.get(i), i, gardener))
                .toList();
    }

    private GardenerVpn gardenerVpn(int servers, List<Problem> problems) {
        var networks = seed.networks(shoot);
        if (networks.pods().isEmpty() || shoot.networks().pods().isEmpty()) {
            problems.add(Problem.of(
                    Problem.Code.NO_VPN_NETWORKS,
                    Planner.ref(shoot.key()),
                    "the pods' address ranges of the shoot or of its seed are unknown:"
                            + " through the VPN the seed may not reach the shoot's pods, or get no answer",
                    "give spec.networking.pods in the Shoot and spec.networks.pods in its Seed"));
        }
        return new GardenerVpn(
                shoot.ipFamilies(),
                networks,
                shoot.networks(),
                servers,
                configuration.components().vpnClient().bondingMode());
    }

    private Optional<ClientAddress> dial() {
        int port = configuration.gateway().listeners().of(entrance).port();
        return Optional.ofNullable(shoot.advertised().get("internal"))
                .or(() -> Optional.ofNullable(shoot.advertised().get("external")))
                .flatMap(ShootClients::hostOf)
                .map(host -> new ClientAddress(host, port, entrance));
    }

    /** The host of a URL: an IP literal as it is, a name with trailing dot, so that no search domain is tried first. */
    private static Optional<String> hostOf(String url) {
        String host;
        try {
            host = URI.create(url.contains("://") ? url : "https://" + url).getHost();
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
        if (host == null || host.isEmpty()) {
            return Optional.empty();
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        boolean literal = Addresses.parse(bare).isPresent();
        return Optional.of(literal || bare.endsWith(".") ? bare : bare + ".");
    }

    private Optional<ApiServerProxyPlan> apiServerProxy(ClientAddress dial, List<Problem> problems) {
        if (shoot.traits().withoutDns()) {
            return Optional.empty();
        }
        Optional<String> advertised =
                seed.service(technicalId, Server.KUBE_APISERVER.service()).flatMap(this::advertisedIp);
        if (advertised.isEmpty()) {
            problems.add(Problem.of(
                    Problem.Code.NO_ADVERTISED_ADDRESS,
                    Planner.ref(shoot.key()),
                    "Service " + technicalId
                            + "/kube-apiserver is not in the input or has no cluster IP: the API server proxy's address is unknown",
                    "add the Service to the input"));
        }
        DnsFamily family = shoot.onlyIpv6() ? DnsFamily.V6_ONLY : DnsFamily.V4_ONLY;
        return advertised.map(ip -> new ApiServerProxyPlan(
                dial,
                new Destination(Server.KUBE_APISERVER, technicalId),
                ip,
                family,
                configuration.gateway().keepalive()));
    }

    /** Upstream's mapping: 240.0.0.0/4 and 64:ff9b:1::/48 are routed nowhere else, so pods' traffic to them is ours. */
    private Optional<String> advertisedIp(Service service) {
        return service.clusterIps().stream()
                .findFirst()
                .flatMap(Addresses::parse)
                .map(ip -> {
                    String text = ip.getHostAddress();
                    if (!(ip instanceof Inet4Address)) {
                        return text;
                    }
                    return shoot.prefersIpv6() ? "64:ff9b:1::" + text : "240" + text.substring(text.indexOf('.'));
                });
    }
}
