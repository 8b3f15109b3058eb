package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Certificates;
import io.moongate.conformance.lab.GardenerVpnServer;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real OpenVPN: servers of Gardener's form on the seed, our generated files on the shoot, our gateway between them. The
 * pings go from the seed to a pod behind the client, and the pod knows no way but to its neighbours.
 */
class GardenerVpnTest {
    private static final String KEYED = "components: {vpnClient: {tlsAuthSecret: vpn-shoot-tlsauth}}";
    private static final String SHOOT_POD = "100.96.0.7";
    /** What the seed dials: it is in the range of mapped pods where the pod is in the shoot's own range. */
    private static final String MAPPED_SHOOT_POD = "244.0.0.7";

    private static final String SHOOT_POD_IPV6 = "2001:db8:1::7";
    private static final String SEED_POD = "10.1.128.5";
    private static final String SEED_PODS_IPV6 = "2001:db8:5::/48";
    private static final String SEED_POD_IPV6 = "2001:db8:5::5";
    private static final String SEED_IPV6 = "fd00:99::1";

    @TempDir
    Path folder;

    private Lab lab;
    private Path landscape;
    private Path output;
    private Path pki;

    @BeforeEach
    void start() throws IOException {
        lab = new Lab(folder);
        landscape = Files.createDirectories(folder.resolve("landscape"));
        output = folder.resolve("out");
        pki = Files.createDirectories(folder.resolve("pki"));
        Certificates.make(pki);
        GardenerVpnServer.shareKey(pki);
        lab.address(lab.seed(), "v0", SEED_IPV6 + "/64");
        lab.address(lab.shoot(), "v0", "fd00:99::2/64");
        lab.address(lab.seed(), "lo", SEED_POD + "/32");
        lab.address(lab.seed(), "lo", SEED_POD_IPV6 + "/128");
        String pod = lab.host("pod", lab.shoot());
        lab.address(lab.shoot(), "pod", "100.96.0.1/24");
        lab.address(lab.shoot(), "pod", "2001:db8:1::1/64");
        lab.address(pod, "eth0", SHOOT_POD + "/24");
        lab.address(pod, "eth0", SHOOT_POD_IPV6 + "/64");
    }

    @AfterEach
    void end() throws Exception {
        lab.close();
    }

    @Test
    void theSeedReachesPodsByBothFamiliesThroughBothPorts() throws Exception {
        configure(false, KEYED);
        shoot("[IPv4, IPv6]", Lab.SEED_IP, GardenerVpnServer.SEED_PODS);
        var server = new GardenerVpnServer(lab, pki, 0, false);
        server.start();
        lab.gateway(landscape, output);
        setUp();
        Path config = file("vpn-client.ovpn");
        assertThat(config).content().contains("http-proxy 10.99.0.1 8132", "Reversed-VPN", "proto tcp-client");
        Process client = client(config, "legacy");
        awaitPing(SEED_POD, MAPPED_SHOOT_POD);
        awaitPing(server.address(), SHOOT_POD_IPV6);
        assertThat(mtu("tun0")).isEqualTo(GardenerVpnServer.MTU);
        assertThat(lab.succeeds(lab.shoot(), "ping", "-c", "1", "-W", "1", server.address()))
                .as("the server lets nothing in that begins at the shoot")
                .isFalse();

        configure(true, KEYED);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(config).contains("http-proxy 10.99.0.1 8443"));
        Lab.end(client);
        assertThat(ping(SEED_POD, MAPPED_SHOOT_POD)).as("without a tunnel").isFalse();
        client(config, "unified");
        awaitPing(SEED_POD, MAPPED_SHOOT_POD);
        awaitPing(server.address(), SHOOT_POD_IPV6);
        assertThat(lab.in(lab.seed(), "curl", "-sS", "http://127.0.0.1:9090/metrics"))
                .contains("moongate_tunnels_active{listener=\"unified\"} 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "IPv4, tcp4-client, " + Lab.SEED_IP + "," + GardenerVpnServer.SEED_PODS + "," + SEED_POD + ","
                + MAPPED_SHOOT_POD,
        "IPv6, tcp6-client, [" + SEED_IPV6 + "]," + SEED_PODS_IPV6 + "," + SEED_POD_IPV6 + "," + SHOOT_POD_IPV6
    })
    void aShootOfOneFamilyDialsByThatFamily(
            String family, String protocol, String gateway, String seedPods, String from, String to) throws Exception {
        configure(true, KEYED);
        shoot("[" + family + "]", gateway, seedPods);
        new GardenerVpnServer(lab, pki, 0, false).start();
        lab.gateway(landscape, output);
        setUp();
        setUp();
        assertThat(lab.in(lab.shoot(), "iptables", "-t", "nat", "-S")
                        + lab.in(lab.shoot(), "ip6tables", "-t", "nat", "-S"))
                .as("the setup has run twice")
                .containsOnlyOnce("MASQUERADE");
        assertThat(file("vpn-client.ovpn")).content().contains("\nproto " + protocol + "\n", " 8443\n");
        client(file("vpn-client.ovpn"), "client");
        awaitPing(from, to);
    }

    @Test
    void withoutTheSharedKeyTheServerDoesNotAnswer() throws Exception {
        configure(false, "");
        shoot("[IPv4]", Lab.SEED_IP, GardenerVpnServer.SEED_PODS);
        var server = new GardenerVpnServer(lab, pki, 0, false);
        server.start();
        lab.gateway(landscape, output);
        assertThat(file("vpn-setup.sh")).doesNotExist();
        client(file("vpn-client.ovpn"), "keyless");
        lab.awaitLog(server.log(), "cannot locate HMAC in incoming packet");
        lab.awaitLog("keyless", "SIGUSR1[soft,connection-reset] received");
        assertThat(lab.log("keyless")).doesNotContain("Initialization Sequence Completed");
    }

    private void configure(boolean gate, String more) throws IOException {
        Files.writeString(landscape.resolve("moongate.yaml"), Manifests.configuration(gate, more));
    }

    private void shoot(String families, String gateway, String seedPods) throws IOException {
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.networked(Manifests.shoot("vpn", gateway, false), families, seedPods)
                        + Manifests.endpoints("vpn", "vpn-seed-server", 1194));
    }

    private Path file(String name) {
        return output.resolve("shoot--test--vpn").resolve(name);
    }

    private void setUp() throws IOException {
        lab.in(lab.shoot(), "sh", file("vpn-setup.sh").toString());
    }

    private Process client(Path config, String name) throws IOException {
        return lab.start(
                lab.shoot(), name, "openvpn", "--cd", pki.resolve("client").toString(), "--config", config.toString());
    }

    private boolean ping(String from, String to) {
        return lab.succeeds(lab.seed(), "ping", "-c", "1", "-W", "1", "-I", from, to);
    }

    private void awaitPing(String from, String to) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ping(from, to));
    }

    private int mtu(String device) throws IOException {
        String text = lab.in(lab.shoot(), "cat", "/sys/class/net/" + device + "/mtu");
        return Integer.parseInt(text.strip());
    }
}
