package io.moongate.conformance;

import static io.moongate.conformance.lab.GardenerVpnLab.SHOOT_POD;
import static io.moongate.conformance.lab.GardenerVpnLab.SHOOT_POD_IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GardenerVpnLab;
import io.moongate.conformance.lab.GardenerVpnServer;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.SeedVpnClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HA of Gardener's form: two real servers, our generated files on the shoot, and on the seed a client of both servers as
 * it stands beside Gardener's API server. Where the kernel knows no bonds, a bridge stands for the bond, with the same
 * address and MTU, and one of the devices at a time: the test chooses it, which a bond does by itself.
 */
class GardenerHaVpnTest {
    private static final String CLIENT_OF_THE_SHOOT = "fd8f:6d53:b97a:1::b:1";

    @TempDir
    Path folder;

    private GardenerVpnLab vpn;
    private Lab lab;
    private boolean bonds;

    @BeforeEach
    void start() throws IOException {
        vpn = new GardenerVpnLab(folder);
        lab = vpn.lab();
        bonds = lab.succeeds(lab.shoot(), "ip", "link", "add", "probe", "type", "bond")
                && lab.succeeds(lab.shoot(), "ip", "link", "del", "probe");
    }

    @AfterEach
    void end() throws Exception {
        vpn.close();
    }

    @Test
    void theSeedReachesPodsByEachServerThroughBothPorts() throws Exception {
        vpn.configure(false, true);
        vpn.shootWithHa("[IPv4, IPv6]");
        Process server = new GardenerVpnServer(lab, vpn.pki(), 0, true).start();
        vpn.server(1, true);
        vpn.gateway();
        setUp("vpn-shoot-1");
        assertThat(isOpen(0)).as("before the client is connected").isFalse();
        Process first = vpn.client("vpn-client-0.ovpn", "first-legacy");
        Process second = vpn.client("vpn-client-1.ovpn", "second-legacy");
        var seed = new SeedVpnClient(lab, vpn.pki());
        seed.start();
        use(seed, 0);
        vpn.awaitPing(seed.host(), SeedVpnClient.ADDRESS, CLIENT_OF_THE_SHOOT);
        wayBack(seed);
        for (int path : new int[] {0, 1}) {
            reachesPods(seed, path);
            assertThat(isOpen(path)).isTrue();
            assertThat(vpn.mtu(lab.shoot(), "tap" + path)).isEqualTo(GardenerVpnServer.MTU);
        }
        assertThat(vpn.mtu(lab.shoot(), "bond0")).isEqualTo(GardenerVpnServer.MTU);

        vpn.configure(true, true);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(vpn.file("vpn-client-1.ovpn")).contains("8443"));
        Lab.end(first);
        await("the first device has no client").atMost(Duration.ofSeconds(10)).until(() -> !isOpen(0));
        reachesPods(seed, 1);
        vpn.client("vpn-client-0.ovpn", "first-unified");
        reachesPods(seed, 0);
        Lab.end(second);
        reachesPods(seed, 0);
        vpn.client("vpn-client-1.ovpn", "second-unified");
        reachesPods(seed, 1);
        assertThat(lab.in(lab.seed(), "curl", "-sS", "http://127.0.0.1:9090/metrics"))
                .contains("moongate_tunnels_active{listener=\"unified\"} 2.0");

        Lab.end(server);
        await("a bond would leave the first device, whose server is gone")
                .atMost(Duration.ofSeconds(20))
                .until(() -> !isOpen(0));
        reachesPods(seed, 1);
    }

    @Test
    void aPodWithoutANumberGetsNoAddress() throws Exception {
        vpn.configure(false, true);
        vpn.shootWithHa("[IPv4]");
        vpn.gateway();
        assertThat(lab.succeeds(lab.shoot(), "env", "POD_NAME=vpn-shoot", "sh", script().toString()))
                .isFalse();
    }

    private void reachesPods(SeedVpnClient seed, int server) throws IOException {
        use(seed, server);
        vpn.awaitPing(seed.host(), SeedVpnClient.ADDRESS, CLIENT_OF_THE_SHOOT);
        vpn.awaitPing(seed.host(), SeedVpnClient.POD, SHOOT_POD);
        vpn.awaitPing(seed.host(), SeedVpnClient.ADDRESS, SHOOT_POD_IPV6);
    }

    private void use(SeedVpnClient seed, int server) throws IOException {
        if (!bonds) {
            lab.in(lab.shoot(), "ip", "link", "set", "tap" + (1 - server), "nomaster");
            lab.in(lab.shoot(), "ip", "link", "set", "tap" + server, "up", "master", "bond0");
        }
        seed.use(server, CLIENT_OF_THE_SHOOT);
    }

    /**
     * The seed's client says where its pod is, and {@code moongate vpn-paths} makes the way. What it does is written
     * down instead, and a route without a tunnel stands for it: not every kernel knows these tunnels.
     */
    private void wayBack(SeedVpnClient seed) throws IOException {
        Path done = folder.resolve("ip.done");
        Path ip = Files.writeString(
                Files.createDirectories(folder.resolve("bin")).resolve("ip"),
                "#!/bin/sh\necho \"$*\" >> " + done + "\n");
        assertThat(ip.toFile().setExecutable(true)).isTrue();
        lab.start(
                lab.shoot(),
                "vpn-paths",
                "env",
                "PATH=" + ip.getParent() + ":" + System.getenv("PATH"),
                System.getProperty("launcher"),
                "vpn-paths",
                "--seed-pods",
                GardenerVpnServer.SEED_PODS);
        lab.awaitLog("vpn-paths", "listening on");
        seed.tell(CLIENT_OF_THE_SHOOT, "192.0.2.1");
        seed.tell(CLIENT_OF_THE_SHOOT, SeedVpnClient.POD);
        await("the way to " + SeedVpnClient.POD)
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(done) && Files.readString(done).contains("route"));
        assertThat(done).hasContent("""
                        link del bond0-0001
                        link add name bond0-0001 type ip6tnl mode any local fd8f:6d53:b97a:1:0:0:b:1 \
                        remote fd8f:6d53:b97a:1:0:0:a:1 encaplimit none
                        link set bond0-0001 up
                        route replace 10.1.128.9 dev bond0-0001
                        """);
        lab.in(
                lab.shoot(),
                "ip",
                "route",
                "replace",
                SeedVpnClient.POD,
                "via",
                "inet6",
                SeedVpnClient.ADDRESS,
                "dev",
                "bond0");
    }

    private void setUp(String pod) throws IOException {
        lab.in(lab.shoot(), "env", "POD_NAME=" + pod, "sh", script().toString());
    }

    private Path script() throws IOException {
        Path generated = vpn.file("vpn-setup.sh");
        if (bonds) {
            return generated;
        }
        System.out.println("NOT RUN: this kernel knows no bonds; a bridge stands for bond0");
        String text = Files.readString(generated);
        assertThat(text).contains("ip link add bond0 type bond mode active-backup", " master bond0\n");
        return Files.writeString(
                folder.resolve("with-a-bridge.sh"),
                text.replaceAll("bond0 type bond mode .*", "bond0 address 02:00:00:00:00:0b type bridge")
                        .replace("ip link set bond0 type bond primary tap0\n", "")
                        .replace(" master bond0\n", " up\n"));
    }

    /** What the pod's readiness probe asks. */
    private boolean isOpen(int server) {
        return lab.succeeds(lab.shoot(), "sh", "-c", "test \"$(cat /sys/class/net/tap" + server + "/carrier)\" = 1");
    }
}
