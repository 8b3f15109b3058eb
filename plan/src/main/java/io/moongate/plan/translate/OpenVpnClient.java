package io.moongate.plan.translate;

import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.GeneratedFile.Content;
import io.moongate.model.plan.VpnClientPlan;

/**
 * The configuration of one OpenVPN client. Keys and certificates are read from the working directory under the names
 * that a mounted {@code kubernetes.io/tls} Secret gives them, so that the file holds no secret and no path.
 */
final class OpenVpnClient {
    static final String TUNNEL = "tun0";

    private OpenVpnClient() {}

    static Content translate(ShootKey shoot, VpnClientPlan vpn) {
        var dial = vpn.dial();
        var destination = vpn.destination();
        return new Content.Text("""
                # Written by Moongate for shoot %s; edits are overwritten.
                # Start with: openvpn --cd <folder with ca.crt, tls.crt and tls.key> --config <this file>
                client
                dev %s
                proto %s
                nobind
                # Dialled by nobody: the proxy below chooses the server by the header alone.
                remote %s %d
                http-proxy %s %d
                http-proxy-option CUSTOM-HEADER %s "%s"
                # A proxy that does not answer, and a server that is gone, are noticed and left soon.
                http-proxy-timeout 10
                connect-retry 1 10
                connect-timeout 10
                resolv-retry infinite
                keepalive 10 30
                %stcp-nodelay
                remote-cert-tls server
                tls-version-min 1.2
                data-ciphers AES-256-GCM
                auth SHA256
                auth-nocache
                ca ca.crt
                cert tls.crt
                key tls.key
                %sverb 3
                """.formatted(
                        shoot,
                        vpn.gardener().map(g -> device(vpn, g)).orElse("tun"),
                        vpn.gardener().map(OpenVpnClient::protocol).orElse("tcp-client"),
                        destination.dnsName(),
                        destination.server().port(),
                        dial.host(),
                        dial.port(),
                        dial.entrance().header(),
                        destination.headerValue(),
                        persistence(vpn),
                        vpn.gardener().map(OpenVpnClient::gardener).orElse("")));
    }

    /** By a name of its own: the rules of {@link VpnClientSetup} and its bond refer to it. */
    private static String device(VpnClientPlan vpn, GardenerVpn gardener) {
        return gardener.highlyAvailable() ? "tap" + vpn.number() : TUNNEL;
    }

    /** A bond leaves a device that nobody holds open: it has to be given up when its server is gone. */
    private static String persistence(VpnClientPlan vpn) {
        return vpn.gardener().filter(GardenerVpn::highlyAvailable).isPresent() ? "" : "persist-tun\n";
    }

    private static String protocol(GardenerVpn gardener) {
        if (gardener.usesIpv4() && gardener.usesIpv6()) {
            return "tcp-client";
        }
        return gardener.usesIpv6() ? "tcp6-client" : "tcp4-client";
    }

    private static String gardener(GardenerVpn gardener) {
        return """
                # Run vpn-setup.sh before. The key that both sides share is in the working directory, too.
                tls-auth vpn.tlsauth 1
                # The server may push any MTU up to this.
                tun-mtu-max 9001
                script-security 2
                up "/bin/sh -c '%s' --"
                """.formatted(up(gardener));
    }

    /**
     * Without HA, where the answers go; with HA they go through the bond, whose MTU does not follow that of its
     * devices.
     */
    private static String up(GardenerVpn gardener) {
        return gardener.highlyAvailable()
                ? "ip link set bond0 mtu $tun_mtu"
                : "ip route replace " + gardener.seedPods().orElseThrow() + " dev $1";
    }
}
