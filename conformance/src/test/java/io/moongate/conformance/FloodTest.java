package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers can open without limit costs those who have a tunnel nothing, and nothing is left of it. */
class FloodTest {
    private static final String VALUE = Plans.apiServer("shoot--test--live");

    @TempDir
    Path folder;

    @Test
    void tenThousandConnectionsThatSendNothing() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = start(0, upstream)) {
            var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            List<Client> silent = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                silent.add(new Client(gateway.address(Entrance.UNIFIED)));
                if (i % 1000 == 0) {
                    ping(tunnel);
                }
            }
            ping(tunnel);
            Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)
                    .close();
            for (Client client : silent) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 408 ");
                client.close();
            }
            ping(tunnel);
            await().until(() ->
                    gateway.metric("moongate_tunnels_total{flag=\"HeadTimeout\",listener=\"unified\"}") == 10_000);
            long lines = gateway.accessLog().stream()
                    .filter(l -> l.contains("\"flag\":\"HeadTimeout\""))
                    .count();
            await().untilAsserted(() -> assertThat(lines + gateway.metric("moongate_access_log_dropped"))
                    .isEqualTo(10_000));
            await().until(() -> gateway.process().toHandle().isAlive() && descriptors(gateway) < 200);
            ping(tunnel);
            tunnel.close();
        }
    }

    @Test
    void openFilesAreUsedUp() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = start(2000, upstream)) {
            var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            var early = new Client(gateway.address(Entrance.UNIFIED));
            // Fewer than it has budgeted for are left: accepting must fail now, not only be limited.
            int inUse = descriptors(gateway);
            Lab.run("prlimit", "--pid", String.valueOf(gateway.process().pid()), "--nofile=" + (inUse + 20) + ":");
            List<Client> silent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                silent.add(new Client(gateway.address(Entrance.LEGACY)));
            }
            await().untilAsserted(() -> assertThat(gateway.errors()).contains("Too many open files"));
            ping(tunnel);
            // There is no descriptor for its destination either.
            early.send(Client.connect(Entrance.UNIFIED, VALUE));
            assertThat(early.readAll()).startsWith("HTTP/1.1 503 ");
            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
            assertThat(gateway.metric("moongate_tunnels_active{listener=\"unified\"}"))
                    .isEqualTo(1);
            for (Client client : silent) {
                client.close();
            }
            Lab.run("prlimit", "--pid", String.valueOf(gateway.process().pid()), "--nofile=2000:");
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)
                        .close();
                return true;
            });
            ping(tunnel);
            tunnel.close();
        }
    }

    private GatewayProcess start(int openFiles, Upstream upstream) throws IOException {
        var gateway = new GatewayProcess(folder, openFiles);
        gateway.configure("limits: {headTimeout: 10s}");
        Files.writeString(
                gateway.landscape().resolve("live.yaml"),
                Manifests.shoot("live", "gw.example.org", false)
                        + Manifests.endpoints("live", "kube-apiserver", upstream.port()));
        gateway.start();
        return gateway;
    }

    private static int descriptors(GatewayProcess gateway) {
        String[] open =
                Path.of("/proc/" + gateway.process().pid() + "/fd").toFile().list();
        return open == null ? -1 : open.length;
    }

    private static void ping(Client client) throws IOException {
        client.send("ping");
        assertThat(client.read(4)).isEqualTo("ping");
    }
}
