package io.moongate.model.config;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import java.time.Duration;
import java.util.List;

/** Everything about the gateway that a person sets. A tunnel keeps the limits under which it was opened. */
public record GatewaySettings(
        @Parameter(doc = "The two entrances. Both are always served, whatever the feature gates say.")
        Listeners listeners,

        @Parameter(doc = "What clients may use up. 0 means no limit.")
        Limits limits,

        @Parameter(doc = "TCP keepalive, set on both sockets of every tunnel.")
        Keepalive keepalive,

        @Parameter(doc = "How tunnels are closed when the gateway or a listener goes away.")
        Drain drain,

        @Parameter(
                value = "[]",
                doc =
                        "Which client addresses may reach a shoot, on both ports and with both headers. A shoot without an entry is not restricted.")
        List<Access> access) {
    public GatewaySettings {
        access = List.copyOf(access);
        long shoots = access.stream().map(Access::shoot).distinct().count();
        if (shoots != access.size()) {
            throw new IllegalArgumentException("a shoot has more than one entry in access; put its ranges into one");
        }
    }

    public GatewaySettings withListeners(Listeners others) {
        return new GatewaySettings(others, limits, keepalive, drain, access);
    }

    public record Listeners(
            @Parameter(doc = "The unified port, header `X-Gardener-Destination`.") @Port(8443)
            Listener unified,

            @Parameter(doc = "The legacy port, header `Reversed-VPN`.") @Port(8132)
            Listener legacy) {
        public Listener of(Entrance entrance) {
            return entrance == Entrance.UNIFIED ? unified : legacy;
        }

        public Listeners withoutLegacy() {
            return new Listeners(unified, legacy.closed());
        }

        /** Where somebody else serves them. */
        public Listeners closed() {
            return new Listeners(unified.closed(), legacy.closed());
        }
    }

    public record Listener(
            @Parameter(doc = "TCP port; 0 takes any free one and prints it.", max = 65535, min = 0)
            int port,

            @Parameter(
                    value = "[\"0.0.0.0\", \"::\"]",
                    doc = "Addresses to listen on, at most 16; an empty list closes the listener, its tunnels drain.")
            List<String> addresses,

            @Parameter(doc = "Whether a PROXY protocol header (v1 or v2) comes before the request.")
            ProxyProtocol proxyProtocol) {
        /** Each is a socket, which takes a descriptor from the tunnels. */
        static final int MOST_ADDRESSES = 16;

        public Listener {
            if (addresses.size() > MOST_ADDRESSES) {
                throw new IllegalArgumentException("there are more than " + MOST_ADDRESSES + " listener addresses");
            }
            for (String address : addresses) {
                if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
                    throw new IllegalArgumentException("listener address '" + address + "' is not an IP address");
                }
            }
            addresses = List.copyOf(addresses);
        }

        private Listener closed() {
            return new Listener(port, List.of(), proxyProtocol);
        }
    }

    public record ProxyProtocol(
            @Parameter(
                    value = "Disabled",
                    doc =
                            "`Disabled` refuses a header, `Optional` takes one from trusted sources, `Strict` demands one from trusted sources.")
            Mode mode,

            @Parameter(value = "[]", doc = "Load balancers whose header is believed; empty trusts nobody.")
            List<Cidr> trustedCIDRs) {
        public enum Mode {
            Disabled,
            Optional,
            Strict
        }

        public ProxyProtocol {
            trustedCIDRs = List.copyOf(trustedCIDRs);
        }
    }

    public record Limits(
            @Parameter(
                    value = "auto",
                    doc =
                            "Tunnels at the same time. `auto` is (open-file limit - 500) / 2, and at most one for each 32 KiB of heap; a larger number than that is lowered with a warning.")
            TunnelLimit maxTunnels,

            @Parameter(value = "0", doc = "Tunnels of one shoot at the same time.", min = 0)
            int maxTunnelsPerShoot,

            @Parameter(
                    value = "0",
                    doc =
                            "Tunnels of one client address at the same time. Many clients share one address behind NAT: keep it high or 0.",
                    min = 0)
            int maxTunnelsPerSource,

            @Parameter(value = "16384", doc = "Largest request head in bytes.", min = 256, max = 1048576)
            int headBytes,

            @Parameter(value = "10s", doc = "Time for the PROXY header and the request head together.", min = 0)
            Duration headTimeout,

            @Parameter(value = "5s", doc = "Time to connect to a destination, all its endpoints together.", min = 0)
            Duration connectTimeout,

            @Parameter(
                    value = "24h",
                    doc = "A tunnel without a byte in either direction for so long is closed.",
                    min = 0)
            Duration idleTimeout,

            @Parameter(value = "0s", doc = "Longest life of a tunnel.", min = 0)
            Duration maxAge) {}

    public record Keepalive(
            @Parameter(value = "55s", doc = "Silence before the first probe.", min = 1, max = 32767)
            Duration idle,

            @Parameter(value = "55s", doc = "Time between probes.", min = 1, max = 32767)
            Duration interval,

            @Parameter(value = "3", doc = "Unanswered probes after which the peer is gone.", min = 1, max = 127)
            int probes) {}

    public record Drain(
            @Parameter(value = "45s", doc = "Tunnels are closed evenly over this time.", min = 0)
            Duration grace) {}

    public record Access(
            @Parameter(doc = "The shoot, as `namespace/name`.", required = true)
            ShootKey shoot,

            @Parameter(doc = "Ranges from which clients may come; empty lets nobody in.", required = true)
            List<Cidr> allow) {
        public Access {
            allow = List.copyOf(allow);
        }
    }
}
