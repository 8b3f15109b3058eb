package io.moongate.conformance;

import static io.moongate.conformance.lab.GardenerVpnLab.MAPPED_SHOOT_POD;
import static io.moongate.conformance.lab.GardenerVpnLab.SEED_IPV6;
import static io.moongate.conformance.lab.GardenerVpnLab.SEED_POD;
import static io.moongate.conformance.lab.GardenerVpnLab.SEED_PODS_IPV6;
import static io.moongate.conformance.lab.GardenerVpnLab.SEED_POD_IPV6;
import static io.moongate.conformance.lab.GardenerVpnLab.SHOOT_POD_IPV6;
import static io.moongate.conformance.lab.GardenerVpnServer.SEED_PODS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GardenerVpnLab;
import io.moongate.conformance.lab.GardenerVpnServer;
import io.moongate.conformance.lab.Lab;
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

/** Real OpenVPN: a server of Gardener's form on the seed, our generated files on the shoot, our gateway between them. */
class GardenerVpnTest {
    @TempDir
    Path folder;

    private GardenerVpnLab vpn;
    private Lab lab;

    @BeforeEach
    void start() throws IOException {
        vpn = new GardenerVpnLab(folder);
        lab = vpn.lab();
    }

    @AfterEach
    void end() throws Exception {
        vpn.close();
    }

    @Test
    void theSeedReachesPodsByBothFamiliesThroughBothPorts() throws Exception {
        vpn.configure(false, true);
        vpn.shoot("[IPv4, IPv6]", Lab.SEED_IP, SEED_PODS);
        GardenerVpnServer server = vpn.server(0, false);
        vpn.gateway();
        vpn.setUp();
        Path config = vpn.file("vpn-client.ovpn");
        assertThat(config).content().contains("http-proxy 10.99.0.1 8132", "Reversed-VPN", "proto tcp-client");
        Process client = vpn.client("vpn-client.ovpn", "legacy");
        vpn.awaitPing(lab.seed(), SEED_POD, MAPPED_SHOOT_POD);
        vpn.awaitPing(lab.seed(), server.address(), SHOOT_POD_IPV6);
        assertThat(vpn.mtu(lab.shoot(), "tun0")).isEqualTo(GardenerVpnServer.MTU);
        assertThat(lab.succeeds(lab.shoot(), "ping", "-c", "1", "-W", "1", server.address()))
                .as("the server lets nothing in that begins at the shoot")
                .isFalse();

        vpn.configure(true, true);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(config).contains("http-proxy 10.99.0.1 8443"));
        Lab.end(client);
        assertThat(vpn.ping(lab.seed(), SEED_POD, MAPPED_SHOOT_POD))
                .as("without a tunnel")
                .isFalse();
        vpn.client("vpn-client.ovpn", "unified");
        vpn.awaitPing(lab.seed(), SEED_POD, MAPPED_SHOOT_POD);
        vpn.awaitPing(lab.seed(), server.address(), SHOOT_POD_IPV6);
        assertThat(lab.in(lab.seed(), "curl", "-sS", "http://127.0.0.1:9090/metrics"))
                .contains("moongate_tunnels_active{listener=\"unified\"} 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "IPv4, tcp4-client, " + Lab.SEED_IP + "," + SEED_PODS + "," + SEED_POD + "," + MAPPED_SHOOT_POD,
        "IPv6, tcp6-client, [" + SEED_IPV6 + "]," + SEED_PODS_IPV6 + "," + SEED_POD_IPV6 + "," + SHOOT_POD_IPV6
    })
    void aShootOfOneFamilyDialsByThatFamily(
            String family, String protocol, String gateway, String seedPods, String from, String to) throws Exception {
        vpn.configure(true, true);
        vpn.shoot("[" + family + "]", gateway, seedPods);
        vpn.server(0, false);
        vpn.gateway();
        vpn.setUp();
        vpn.setUp();
        String rules = lab.in(lab.shoot(), "iptables", "-t", "nat", "-S")
                + lab.in(lab.shoot(), "ip6tables", "-t", "nat", "-S");
        assertThat(rules).as("the setup has run twice").containsOnlyOnce("MASQUERADE");
        assertThat(vpn.file("vpn-client.ovpn")).content().contains("\nproto " + protocol + "\n", " 8443\n");
        vpn.client("vpn-client.ovpn", "client");
        vpn.awaitPing(lab.seed(), from, to);
    }

    @Test
    void withoutTheSharedKeyTheServerDoesNotAnswer() throws Exception {
        vpn.configure(false, false);
        vpn.shoot("[IPv4]", Lab.SEED_IP, SEED_PODS);
        GardenerVpnServer server = vpn.server(0, false);
        vpn.gateway();
        assertThat(vpn.file("vpn-setup.sh")).doesNotExist();
        vpn.client("vpn-client.ovpn", "keyless");
        lab.awaitLog(server.log(), "cannot locate HMAC in incoming packet");
        lab.awaitLog("keyless", "SIGUSR1[soft,connection-reset] received");
        assertThat(lab.log("keyless")).doesNotContain("Initialization Sequence Completed");
    }
}
