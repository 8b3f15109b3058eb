package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A lab in which the seed's VPN servers are of Gardener's form, and a pod of the shoot stands behind its VPN client: the
 * pod knows no way but to its neighbours.
 */
public final class GardenerVpnLab implements AutoCloseable {
    public static final String SHOOT_POD = "100.96.0.7";
    /** What the seed dials: it is in the range of mapped pods where the pod is in the shoot's own range. */
    public static final String MAPPED_SHOOT_POD = "244.0.0.7";

    public static final String SHOOT_POD_IPV6 = "2001:db8:1::7";
    public static final String SEED_POD = "10.1.128.5";
    public static final String SEED_PODS_IPV6 = "2001:db8:5::/48";
    public static final String SEED_POD_IPV6 = "2001:db8:5::5";
    public static final String SEED_IPV6 = "fd00:99::1";

    private final Lab lab;
    private final Path landscape;
    private final Path output;
    private final Path pki;

    public GardenerVpnLab(Path folder) throws IOException {
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

    public Lab lab() {
        return lab;
    }

    public Path pki() {
        return pki;
    }

    /** @param keyed whether clients are told of the shared key */
    public void configure(boolean gate, boolean keyed) throws IOException {
        String components = keyed ? "components: {vpnClient: {tlsAuthSecret: vpn-shoot-tlsauth}}" : "";
        Files.writeString(landscape.resolve("moongate.yaml"), Manifests.configuration(gate, components));
    }

    public void shoot(String families, String gateway, String seedPods) throws IOException {
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.networked(Manifests.shoot("vpn", gateway, false), families, seedPods)
                        + Manifests.endpoints("vpn", "vpn-seed-server", 1194));
    }

    public void shootWithHa(String families) throws IOException {
        Files.writeString(
                landscape.resolve("shoot.yaml"),
                Manifests.networked(Manifests.shoot("vpn", Lab.SEED_IP, true), families, GardenerVpnServer.SEED_PODS)
                        + Manifests.endpoints("vpn", "vpn-seed-server-0", 1194)
                        + Manifests.endpoints("vpn", "vpn-seed-server-1", 1195));
    }

    public GardenerVpnServer server(int number, boolean ha) throws IOException {
        var server = new GardenerVpnServer(lab, pki, number, ha);
        server.start();
        return server;
    }

    public void gateway() throws IOException {
        lab.gateway(landscape, output);
    }

    /** One of the files that Moongate has written for the shoot. */
    public Path file(String name) {
        return output.resolve("shoot--test--vpn").resolve(name);
    }

    /** What the pod's first container does. */
    public void setUp() throws IOException {
        lab.in(lab.shoot(), "sh", file("vpn-setup.sh").toString());
    }

    public Process client(String config, String log) throws IOException {
        return lab.start(
                lab.shoot(),
                log,
                "openvpn",
                "--cd",
                pki.resolve("client").toString(),
                "--config",
                file(config).toString());
    }

    public boolean ping(String host, String from, String to) {
        return lab.succeeds(host, "ping", "-c", "1", "-W", "1", "-I", from, to);
    }

    public void awaitPing(String host, String from, String to) {
        await("ping from " + from + " to " + to)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ping(host, from, to));
    }

    public int mtu(String host, String device) throws IOException {
        return Integer.parseInt(
                lab.in(host, "cat", "/sys/class/net/" + device + "/mtu").strip());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        lab.close();
    }
}
