package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An OpenVPN server on the seed, configured and walled in as Gardener's is: a shared key before TLS, TCP by IPv6 with
 * IPv4 mapped, a transfer network of IPv6, pushed pings and MTU, and nothing let in that begins at the shoot.
 *
 * @param pki what {@link Certificates} made, with the shared key beside it
 * @param number with HA; 0 also without
 */
public record GardenerVpnServer(Lab lab, Path pki, int number, boolean ha) {
    public static final int MTU = 8_871;
    public static final String SEED_PODS = "10.1.128.0/17";
    public static final String SHOOT_PODS_IPV6 = "2001:db8:1::/48";
    private static final List<String> MAPPED = List.of("242.0.0.0", "243.0.0.0", "244.0.0.0");

    /** The key that both sides have. */
    public static void shareKey(Path pki) throws IOException {
        Path key = pki.resolve("server/vpn.tlsauth");
        Lab.run("openvpn", "--genkey", "secret", key.toString());
        Files.copy(key, pki.resolve("client/vpn.tlsauth"));
    }

    public String log() {
        return "gardener-" + number;
    }

    /** Its device; in a cluster each server has a network of its own. */
    private String device() {
        return (ha ? "tap1" : "tun") + number;
    }

    /** Its own address in the tunnel. */
    public String address() {
        return ha ? "fd8f:6d53:b97a:1::10" + number + ":1" : "fd8f:6d53:b97a:1::1";
    }

    public Process start() throws IOException {
        Path folder = Files.createDirectories(lab.folder().resolve(log()));
        clientConfig(folder);
        Files.writeString(folder.resolve("openvpn.cfg"), """
                mode server
                tls-server
                topology subnet
                data-ciphers AES-256-GCM:AES-256-CBC
                port %d
                keepalive 10 30
                client-config-dir %s
                key tls.key
                cert tls.crt
                ca ca.crt
                dh none
                auth SHA256
                tls-auth vpn.tlsauth 0
                proto tcp6-server
                server-ipv6 %s
                tun-mtu %d
                push "tun-mtu %d"
                dev %s
                %s
                """.formatted(
                        1194 + number,
                        folder,
                        ha ? "fd8f:6d53:b97a:1::10" + number + ":0/112" : "fd8f:6d53:b97a:1::/96",
                        MTU,
                        MTU,
                        device(),
                        ha ? "client-to-client\nduplicate-cn" : ""));
        Process process = lab.start(
                lab.seed(),
                log(),
                "openvpn",
                "--cd",
                pki.resolve("server").toString(),
                "--config",
                folder.resolve("openvpn.cfg").toString());
        lab.awaitLog(log(), "Initialization Sequence Completed");
        wall();
        if (!ha) {
            ways();
        }
        return process;
    }

    /** Which addresses are behind the client, whose certificate has this name. */
    private void clientConfig(Path folder) throws IOException {
        var text = new StringBuilder();
        if (!ha) {
            MAPPED.forEach(network -> text.append("iroute ").append(network).append(" 255.0.0.0\n"));
            text.append("iroute-ipv6 ").append(SHOOT_PODS_IPV6).append('\n');
        }
        Files.writeString(folder.resolve("client"), text);
    }

    private void wall() throws IOException {
        for (String tables : List.of("iptables", "ip6tables")) {
            tables(
                    tables,
                    "filter",
                    "INPUT",
                    "-m",
                    "state",
                    "--state",
                    "RELATED,ESTABLISHED",
                    "-i",
                    device(),
                    "-j",
                    "ACCEPT");
            tables(tables, "filter", "INPUT", "-i", device(), "-j", "DROP");
        }
    }

    private void ways() throws IOException {
        tables("iptables", "nat", "PREROUTING", "-i", device(), "-d", "241.0.0.0/8", "-j", "NETMAP", "--to", SEED_PODS);
        tables(
                "iptables",
                "nat",
                "POSTROUTING",
                "-o",
                device(),
                "-s",
                SEED_PODS,
                "-j",
                "NETMAP",
                "--to",
                "241.0.0.0/8");
        for (String network : MAPPED) {
            lab.in(lab.seed(), "ip", "route", "replace", network + "/8", "dev", device());
        }
        lab.in(lab.seed(), "ip", "route", "replace", SHOOT_PODS_IPV6, "dev", device());
    }

    private void tables(String tables, String table, String chain, String... rule) throws IOException {
        var command = new ArrayList<>(List.of(tables, "-w", "-t", table, "-A", chain));
        command.addAll(List.of(rule));
        lab.in(lab.seed(), command.toArray(String[]::new));
    }
}
