package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A VPN client on the seed, as it stands beside Gardener's API server with HA: connected to each server directly. It has
 * one address, and uses one server at a time.
 */
public record SeedVpnClient(Lab lab, Path pki) {
    /** Its address in the VPN. */
    public static final String ADDRESS = "fd8f:6d53:b97a:1::a:1";
    /** That of its pod. */
    public static final String POD = "10.1.128.9";

    private static final int SERVERS = 2;
    private static final String SEED = "10.97.0.1";

    public String host() {
        return lab.nameOf("api");
    }

    public void start() throws IOException {
        String host = lab.host("api", lab.seed());
        lab.address(lab.seed(), "api", SEED + "/24");
        lab.address(host, "eth0", "10.97.0.2/24");
        lab.address(host, "lo", POD + "/32");
        for (int n = 0; n < SERVERS; n++) {
            Path config = Files.writeString(
                    lab.folder().resolve("seed-client-" + n + ".cfg"), """
                    client
                    dev tap%d
                    proto tcp4-client
                    nobind
                    remote %s %d
                    remote-cert-tls server
                    data-ciphers AES-256-GCM
                    auth SHA256
                    tun-mtu-max 9001
                    tls-auth vpn.tlsauth 1
                    ca ca.crt
                    cert tls.crt
                    key tls.key
                    """.formatted(n, SEED, 1194 + n));
            lab.start(
                    host,
                    "seed-client-" + n,
                    "openvpn",
                    "--cd",
                    pki.resolve("client").toString(),
                    "--config",
                    config.toString());
            lab.awaitLog("seed-client-" + n, "Initialization Sequence Completed");
        }
    }

    /** What Gardener's client says every two seconds, as long as it runs: where its pod is. */
    public void tell(String shootClient, String pod) throws IOException {
        String send = """
                import socket
                s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
                s.bind(("%s", 0))
                s.sendto(b"%s", ("%s", 5400))
                """.formatted(ADDRESS, pod, shootClient);
        lab.in(host(), "python3", "-c", send);
    }

    /** From now on, to this client of the shoot and to what is behind it. */
    public void use(int server, String shootClient) throws IOException {
        String device = "tap" + server;
        for (int n = 0; n < SERVERS; n++) {
            lab.succeeds(host(), "ip", "addr", "del", ADDRESS + "/104", "dev", "tap" + n);
        }
        lab.address(host(), device, ADDRESS + "/104");
        lab.in(host(), "ip", "route", "replace", "100.96.0.0/11", "via", "inet6", shootClient, "dev", device);
        lab.in(host(), "ip", "route", "replace", GardenerVpnServer.SHOOT_PODS_IPV6, "via", shootClient, "dev", device);
        // A bond would keep its hardware address; these devices have one each.
        lab.in(lab.shoot(), "ip", "neigh", "flush", "dev", "bond0");
    }
}
