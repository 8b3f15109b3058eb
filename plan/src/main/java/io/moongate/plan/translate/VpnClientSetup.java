package io.moongate.plan.translate;

import io.moongate.model.config.ComponentSettings.VpnClient.BondingMode;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.net.Cidr;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.GeneratedFile.Content;
import io.moongate.plan.translate.MappedNetworks.Mapping;
import java.net.Inet6Address;

/**
 * What has to be so in the VPN client's network before it connects to a server of Gardener's form, as a script. It
 * forwards what comes out of the tunnel, under addresses that the shoot's pods can answer; with several servers it
 * makes the devices and the bond over them. It can run any number of times.
 */
final class VpnClientSetup {
    private static final Cidr DEFAULT_TRANSFER_NETWORK = Cidr.parse("fd8f:6d53:b97a:1::/96");
    private static final int TRANSFER_NETWORK_PREFIX = 96;

    private final GardenerVpn vpn;
    private final StringBuilder script = new StringBuilder();

    private VpnClientSetup(GardenerVpn vpn) {
        this.vpn = vpn;
    }

    static Content translate(ShootKey shoot, GardenerVpn vpn) {
        return new Content.Text("""
                # Written by Moongate for shoot %s; edits are overwritten.
                # Run this before OpenVPN, as root and in its network namespace: sh <this file>
                set -eu
                # Changes a kernel setting only where it differs: writing needs a right that reading does not.
                setting() {
                  [ "$(cat "/proc/sys/net/$1")" = "$2" ] || echo "$2" > "/proc/sys/net/$1"
                }
                # Adds a rule unless it is there: iptables or ip6tables, table, chain, rule.
                rule() {
                  tables=$1 table=$2 chain=$3
                  shift 3
                  "$tables" -w -t "$table" -C "$chain" "$@" 2>/dev/null || "$tables" -w -t "$table" -A "$chain" "$@"
                }
                """.formatted(shoot) + new VpnClientSetup(vpn).steps());
    }

    private String steps() {
        line("# The transfer network is IPv6, whatever the shoot uses.");
        line("setting ipv6/conf/all/disable_ipv6 0");
        line("setting ipv6/conf/all/forwarding 1");
        line("setting ipv4/ip_forward 1");
        if (vpn.highlyAvailable()) {
            bond();
        }
        if (vpn.usesIpv4()) {
            if (vpn.mapped()) {
                MappedNetworks.of(vpn.shoot()).forEach(this::map);
            }
            forward("iptables");
        }
        if (vpn.usesIpv6()) {
            forward("ip6tables");
        }
        return script.toString();
    }

    private void map(Mapping mapping) {
        line("rule iptables nat PREROUTING -i " + tunnel() + " -d " + mapping.mapped() + " -j NETMAP --to "
                + mapping.real());
    }

    private void forward(String tables) {
        line("# Pods answer to this pod, which alone knows the way back.");
        line("rule " + tables + " nat POSTROUTING ! -o " + tunnel() + " -j MASQUERADE");
        line("rule " + tables + " mangle POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu");
    }

    /** The bond's address says which client of the shoot this is; the seed's clients probe each of them. */
    private void bond() {
        line("index=${POD_NAME##*-}");
        line("case $index in *[!0-9]*|'') echo \"error: POD_NAME does not end in a number\" >&2; exit 1;; esac");
        line("ip link del bond0 2>/dev/null || true");
        line("ip link add bond0 type bond " + mode() + " miimon 100");
        for (int i = 0; i < vpn.servers(); i++) {
            line("ip link del tap" + i + " 2>/dev/null || true");
            line("ip tuntap add dev tap" + i + " mode tap");
            line("ip link set tap" + i + " master bond0");
        }
        if (vpn.bondingMode() == BondingMode.ActiveBackup) {
            // Both sides of the VPN prefer the same server; a device that is not preferred lets nothing in.
            line("ip link set bond0 type bond primary tap0");
        }
        line("ip link set bond0 up");
        line("ip -6 addr add \"" + firstGroups(transferNetwork()) + ":b:$(printf %x \"$index\")/104\" dev bond0 nodad");
    }

    private String mode() {
        return switch (vpn.bondingMode()) {
            case ActiveBackup -> "mode active-backup fail_over_mac active num_grat_arp 5";
            case RoundRobin -> "mode balance-rr";
        };
    }

    private Cidr transferNetwork() {
        return vpn.seed()
                .vpn()
                .filter(range -> range.network() instanceof Inet6Address && range.prefix() == TRANSFER_NETWORK_PREFIX)
                .orElse(DEFAULT_TRANSFER_NETWORK);
    }

    private static String firstGroups(Cidr transferNetwork) {
        byte[] address = transferNetwork.network().getAddress();
        var groups = new StringBuilder();
        for (int i = 0; i < TRANSFER_NETWORK_PREFIX / 8; i += 2) {
            groups.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString((address[i] & 0xff) << 8 | address[i + 1] & 0xff));
        }
        return groups.toString();
    }

    /** With HA, what the seed sends comes out of a device per client there, all named after the bond. */
    private String tunnel() {
        return vpn.highlyAvailable() ? "bond0+" : OpenVpnClient.TUNNEL;
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
