package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DESIGN's gateway rule 4 at full size: 2,000 live tunnels, each pinging, through 200 edits written as people write. */
class Rule4UnderLoadTest {
    private static final int TUNNELS = 2000;
    private static final int CHANGES = 200;

    @TempDir
    Path folder;

    @Test
    void twoHundredChangesOfOthersCostNoTunnelAByte() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new GatewayProcess(folder, 0)) {
            gateway.configure("drain: {grace: 2s}");
            Files.writeString(
                    gateway.landscape().resolve("live.yaml"),
                    Manifests.shoot("live", "gw.example.org", false)
                            + Manifests.endpoints("live", "kube-apiserver", upstream.port()));
            prepareMounted(gateway.landscape());
            gateway.start();
            var pings = new Pings(open(gateway));
            for (int i = 0; i < CHANGES; i++) {
                long before = gateway.generation();
                change(gateway, i);
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(25))
                        .until(() -> gateway.generation() > before);
            }
            long during = pings.count();
            assertThat(pings.end()).as("tunnels that broke or lost bytes").isEmpty();
            System.out.println("MEASURED " + TUNNELS + " tunnels, " + CHANGES + " changes, " + during
                    + " pings: 0 resets, 0 lost bytes");
            assertThat(gateway.metric("moongate_tunnels_total{flag=\"Withdrawn\",listener=\"unified\"}"))
                    .isZero();
            assertThat(gateway.metric("moongate_tunnels_total{flag=\"Drained\",listener=\"legacy\"}"))
                    .isZero();
        }
    }

    private static List<Client> open(GatewayProcess gateway) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < TUNNELS; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            clients.add(Client.tunnel(gateway.address(entrance), entrance, Plans.apiServer("shoot--test--live")));
        }
        return clients;
    }

    /** As a mounted ConfigMap looks: a link to a link to a folder with a time in its name. */
    private static void prepareMounted(Path landscape) throws IOException {
        Files.createDirectories(landscape.resolve("..0"));
        Files.writeString(landscape.resolve("..0/mounted.yaml"), Manifests.shoot("mounted", "gw.example.org", false));
        Files.createSymbolicLink(landscape.resolve("..data"), Path.of("..0"));
        Files.createSymbolicLink(landscape.resolve("mounted.yaml"), Path.of("..data/mounted.yaml"));
    }

    private static void change(GatewayProcess gateway, int i) throws IOException {
        Path landscape = gateway.landscape();
        String address = "\"127.0.0.1\"";
        switch (i % 8) {
            case 0 ->
                write(landscape.resolve("other.yaml"), Manifests.shoot("other" + i, "gw.example.org", i % 16 == 0));
            case 1 ->
                rename(
                        landscape,
                        "other.yaml",
                        Manifests.shoot("other" + (i - 1), "gw.example.org", true)
                                + Manifests.endpoints("other" + (i - 1), "kube-apiserver", 1000 + i));
            case 2 -> swap(landscape, i);
            case 3 ->
                configure(
                        gateway,
                        gateway.configuration(
                                true,
                                address,
                                "",
                                "access: [{shoot: garden-test/mounted, allow: [\"10.0.0." + i + "/32\"]}]"));
            case 4 ->
                configure(
                        gateway,
                        gateway.configuration(
                                false, address, "mode: Optional, trustedCIDRs: [\"10.0.0." + i + "\"]", ""));
            case 5 ->
                configure(
                        gateway,
                        gateway.configuration(
                                true,
                                address + ", \"127.0.0.2\"",
                                "",
                                "limits: {maxTunnelsPerShoot: " + i + ", idleTimeout: 1s, maxAge: 1s}"));
            case 6 ->
                configure(
                        gateway,
                        gateway.configuration(
                                false,
                                address,
                                "mode: Strict, trustedCIDRs: [\"10.0.0.0/8\"]",
                                "access: [{shoot: garden-test/live, allow: [\"127.0.0.0/8\", \"10.1." + i
                                        + ".0/24\"]}]"));
            default -> Files.delete(landscape.resolve("other.yaml"));
        }
    }

    private static void configure(GatewayProcess gateway, String text) throws IOException {
        write(gateway.landscape().resolve("moongate.yaml"), text);
    }

    /** In place, as a simple editor or a script does: for a moment the file is empty. */
    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static void rename(Path landscape, String name, String text) throws IOException {
        Path temporary = Files.writeString(landscape.resolve("." + name + ".swp"), text);
        Files.move(
                temporary,
                landscape.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void swap(Path landscape, int i) throws IOException {
        Path version = Files.createDirectories(landscape.resolve(".." + (i + 1)));
        Files.writeString(
                version.resolve("mounted.yaml"), Manifests.shoot("mounted", "gw" + i + ".example.org", false));
        Files.createSymbolicLink(landscape.resolve("..tmp"), version.getFileName());
        Files.move(
                landscape.resolve("..tmp"),
                landscape.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
