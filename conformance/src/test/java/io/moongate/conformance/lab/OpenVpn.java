package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Real OpenVPN on the hosts of a lab: servers on the seed, clients on the shoot.
 *
 * @param pki what {@link Certificates} made
 */
public record OpenVpn(Lab lab, Path pki) {
    /** Server number n serves 10.98.n.0/24 behind port 1194+n of its loopback. */
    public void server(int n) throws IOException {
        lab.start(
                lab.seed(),
                "server-" + n,
                "openvpn",
                "--cd",
                pki.resolve("server").toString(),
                "--mode",
                "server",
                "--tls-server",
                "--proto",
                "tcp-server",
                "--local",
                "127.0.0.1",
                "--port",
                String.valueOf(1194 + n),
                "--dev",
                "tun" + n,
                "--topology",
                "subnet",
                "--server",
                "10.98." + n + ".0",
                "255.255.255.0",
                "--ca",
                "ca.crt",
                "--cert",
                "tls.crt",
                "--key",
                "tls.key",
                "--dh",
                "none",
                "--data-ciphers",
                "AES-256-GCM",
                "--auth",
                "SHA256",
                "--keepalive",
                "10",
                "30",
                "--duplicate-cn",
                "--disable-dco");
        lab.awaitLog("server-" + n, "Initialization Sequence Completed");
        lab.start(
                lab.seed(),
                "bulk-" + n,
                "python3",
                Path.of("src/test/resources/bulk_server.py").toAbsolutePath().toString(),
                "10.98." + n + ".1",
                "9000");
        lab.awaitLog("bulk-" + n, "listening");
    }

    public Process client(Path config, String name) throws IOException {
        return lab.start(
                lab.shoot(), name, "openvpn", "--cd", pki.resolve("client").toString(), "--config", config.toString());
    }

    /** Whether server number n answers from within the VPN. */
    public boolean ping(int n) {
        return lab.succeeds(lab.shoot(), "ping", "-c", "1", "-W", "1", "10.98." + n + ".1");
    }

    public void awaitPing(int n) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ping(n));
    }
}
