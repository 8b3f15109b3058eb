package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Certificates;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.OpenVpn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real OpenVPN servers and clients, on hosts of their own, with the configuration that Moongate writes. */
class OpenVpnTest {
    private static final int BULK = 100_000_000;

    @TempDir
    Path folder;

    private Lab lab;
    private OpenVpn vpn;
    private Path landscape;
    private Path output;

    @BeforeEach
    void start() throws IOException {
        lab = new Lab(folder);
        landscape = Files.createDirectories(folder.resolve("landscape"));
        output = folder.resolve("out");
        Certificates.make(Files.createDirectories(folder.resolve("pki")));
        vpn = new OpenVpn(lab, folder.resolve("pki"));
    }

    @AfterEach
    void end() throws Exception {
        lab.close();
    }

    @Test
    void theVpnMovesFromTheLegacyToTheUnifiedPort() throws Exception {
        configure(false);
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.shoot("solo", Lab.SEED_IP, false) + Manifests.endpoints("solo", "vpn-seed-server", 1194));
        vpn.server(0);
        lab.gateway(landscape, output);
        Path config = output.resolve("shoot--test--solo/vpn-client.ovpn");
        assertThat(config).content().contains("http-proxy 10.99.0.1 8132").contains("Reversed-VPN");
        Process client = vpn.client(config, "legacy");
        vpn.awaitPing(0);
        carry(0);

        configure(true);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(config).contains("http-proxy 10.99.0.1 8443"));
        assertThat(vpn.ping(0)).as("the gate alone moves nobody").isTrue();
        long before = System.nanoTime();
        Lab.end(client);
        vpn.client(config, "unified");
        vpn.awaitPing(0);
        long gapMillis = (System.nanoTime() - before) / 1_000_000;
        System.out.println(
                "MEASURED gap of a VPN without HA that moves from 8132 to 8443: " + gapMillis + " ms (target 10 s)");
        carry(0);
        assertThat(metric("moongate_tunnels_active{listener=\"unified\"} 1.0")).isTrue();
        assertThat(metric("moongate_tunnels_active{listener=\"legacy\"} 0.0")).isTrue();
    }

    @Test
    void anHaPairMovesOneMemberAfterTheOther() throws Exception {
        configure(false);
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.shoot("ha", Lab.SEED_IP, true)
                        + Manifests.endpoints("ha", "vpn-seed-server-0", 1194)
                        + Manifests.endpoints("ha", "vpn-seed-server-1", 1195));
        vpn.server(0);
        vpn.server(1);
        lab.gateway(landscape, output);
        Path own = output.resolve("shoot--test--ha");
        Process first = vpn.client(own.resolve("vpn-client-0.ovpn"), "first-legacy");
        Process second = vpn.client(own.resolve("vpn-client-1.ovpn"), "second-legacy");
        vpn.awaitPing(0);
        vpn.awaitPing(1);
        configure(true);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(own.resolve("vpn-client-1.ovpn")).contains("8443"));
        Lab.end(first);
        assertThat(vpn.ping(1)).as("the other member stands in").isTrue();
        vpn.client(own.resolve("vpn-client-0.ovpn"), "first-unified");
        vpn.awaitPing(0);
        Lab.end(second);
        assertThat(vpn.ping(0)).as("the moved member stands in").isTrue();
        vpn.client(own.resolve("vpn-client-1.ovpn"), "second-unified");
        vpn.awaitPing(1);
        assertThat(metric("moongate_tunnels_active{listener=\"unified\"} 2.0")).isTrue();
    }

    @Test
    void aProbeExplainsBothDestinations() throws Exception {
        configure(false);
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.shoot("solo", Lab.SEED_IP, false) + Manifests.endpoints("solo", "vpn-seed-server", 1194));
        vpn.server(0);
        lab.gateway(landscape, output);
        String launcher = System.getProperty("launcher");
        String answer = lab.in(
                lab.shoot(),
                launcher,
                "probe",
                "--landscape",
                landscape.toString(),
                "--shoot",
                "garden-test/solo",
                "--gateway",
                Lab.SEED_IP,
                "--destination",
                "vpn-seed-server");
        assertThat(answer).contains("open").contains("OpenVPN reset reply").doesNotContain("failed");
        assertThat(lab.succeeds(
                        lab.shoot(),
                        launcher,
                        "probe",
                        "--landscape",
                        landscape.toString(),
                        "--shoot",
                        "garden-test/solo",
                        "--gateway",
                        Lab.SEED_IP,
                        "--destination",
                        "kube-apiserver"))
                .as("exit code of a probe to a server that is not there")
                .isFalse();
    }

    private void configure(boolean gate) throws IOException {
        Files.writeString(
                landscape.resolve("moongate.yaml"), Manifests.configuration(gate, "gateway: {drain: {grace: 1s}}"));
    }

    private void carry(int n) throws IOException {
        String url = "http://10.98." + n + ".1:9000/";
        assertThat(lab.in(
                        lab.shoot(),
                        "curl",
                        "-sS",
                        "-m",
                        "120",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{size_download}",
                        url + BULK))
                .isEqualTo(String.valueOf(BULK));
        Path file = folder.resolve("bulk");
        if (!Files.exists(file)) {
            Files.write(file, new byte[BULK]);
        }
        assertThat(lab.in(lab.shoot(), "curl", "-sS", "-m", "120", "-H", "Expect:", "--data-binary", "@" + file, url))
                .isEqualTo(String.valueOf(BULK));
    }

    private boolean metric(String line) throws IOException {
        return lab.in(lab.seed(), "curl", "-sS", "http://127.0.0.1:9090/metrics")
                .contains(line);
    }
}
