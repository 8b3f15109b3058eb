package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The legacy port of a {@code moongate run}: refused, removed, restored, made final; by a person and by the gate. */
@Timeout(180)
class LegacyPortTest {
    private static final String EXEMPTION =
            "{shoot: garden-test/old, owner: team a, reason: it is switched off, expires: \"%s\"}";

    @TempDir
    Path folder;

    private GatewayProcess gateway;

    @BeforeEach
    void gateway() throws IOException {
        gateway = new GatewayProcess(folder, 0);
    }

    @Test
    void aPersonRemovesItRestoresItAndMakesItFinal() throws Exception {
        try (var upstream = Upstream.echo();
                var own = gateway) {
            shoot("moved", true, upstream);
            shoot("old", false, upstream);
            configure(false, "");
            own.start();
            Client moved = tunnel("moved", Entrance.UNIFIED);
            Client old = tunnel("old", Entrance.LEGACY);
            Lab.Ended check = legacyPort("check");
            assertThat(check.exit()).isEqualTo(2);
            assertThat(check.output()).contains("garden-test/old", "UsesLegacyPort", "up on the legacy port now: 1");
            assertThat(legacyPort("remove", "--yes", "--as", "anna").exit()).isEqualTo(2);
            assertThat(legacyPort("restore").output()).contains("refused: the legacy port is open");

            configure(false, EXEMPTION.formatted(Instant.now().plusSeconds(3600)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> legacyPort("check").exit() == 0);
            assertThat(legacyPort("plan").output())
                    .contains("close the listener on 127.0.0.1:", "end 1 tunnels", "{garden-test/old=1}", "team a");
            assertThat(legacyPort("remove").exit()).as("nobody can be asked").isEqualTo(1);
            Lab.Ended removed = legacyPort("remove", "--yes", "--as", "anna");
            assertThat(removed.output()).contains("the legacy port is closed");
            assertThat(removed.exit()).isZero();
            assertThat(old.in().read())
                    .as("the exempted shoot's tunnel has ended")
                    .isNegative();
            assertIsUp(moved);
            assertLegacyIsClosed();

            own.process().destroyForcibly().waitFor();
            own.start();
            assertLegacyIsClosed();
            Client again = tunnel("moved", Entrance.UNIFIED);
            assertThat(legacyPort("restore", "--as", "otto").output()).contains("the legacy port is open again");
            tunnel("old", Entrance.LEGACY).close();
            assertIsUp(again);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> legacyPort("remove", "--yes", "--as", "anna").exit() == 0);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> legacyPort("remove", "--final", "--yes").exit() == 0);
            assertThat(legacyPort("restore").exit()).isEqualTo(2);
            assertIsUp(again);
            assertThat(legacyPort("check", "-o", "json").output())
                    .contains(
                            "RemovedForGood",
                            "\"who\" : \"anna\"",
                            "\"who\" : \"otto\"",
                            "Refused",
                            "wanted",
                            "windowFrom");
        }
    }

    @Test
    void theGateDoesTheSameAndSaysWhatBlocksIt() throws Exception {
        try (var upstream = Upstream.echo();
                var own = gateway) {
            shoot("moved", true, upstream);
            shoot("old", false, upstream);
            configure(true, "");
            own.start();
            Client moved = tunnel("moved", Entrance.UNIFIED);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(own.config()).contains("LegacyPortBlocked", "garden-test/old (Not"));
            tunnel("old", Entrance.LEGACY).close();

            configure(true, EXEMPTION.formatted(Instant.now().plusSeconds(3600)));
            await().atMost(Duration.ofSeconds(40)).untilAsserted(this::assertLegacyIsClosed);
            // The listener closes first; what is in force is told a moment later.
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(own.config()).doesNotContain("LegacyPortBlocked"));
            assertThat(legacyPort("restore").output()).contains("turn it off instead");
            assertThat(own.config()).as("its clients have nowhere else to go").contains("LegacyPortClosed");

            configure(false, "");
            await().atMost(Duration.ofSeconds(40))
                    .ignoreExceptions()
                    .untilAsserted(() -> tunnel("old", Entrance.LEGACY).close());
            assertIsUp(moved);
        }
    }

    private void configure(boolean gate, String exemptions) throws IOException {
        String text = gateway.configuration(false, "\"127.0.0.1\"", "", "") + """
                evidence: {window: 2s, retention: 1h}
                removal: {pace: 1s, rollbackWindow: 2s, exemptions: [%s]}
                """.formatted(exemptions);
        text = gate ? text.replace("UseUnifiedHTTPProxyPort: false", "RemoveHTTPProxyLegacyPort: true") : text;
        Files.writeString(gateway.landscape().resolve("moongate.yaml"), text);
    }

    private void shoot(String name, boolean declared, Upstream upstream) throws IOException {
        Files.writeString(
                gateway.landscape().resolve(name + ".yaml"), Manifests.adopting(name, declared, upstream.port()));
    }

    private Client tunnel(String name, Entrance entrance) throws IOException {
        return Client.tunnel(gateway.address(entrance), entrance, Plans.apiServer("shoot--test--" + name));
    }

    private static void assertIsUp(Client tunnel) throws IOException {
        assertThat(tunnel.send("ping").read(4)).isEqualTo("ping");
    }

    private void assertLegacyIsClosed() {
        assertThatThrownBy(() -> new Client(gateway.address(Entrance.LEGACY)).close())
                .isInstanceOf(ConnectException.class);
    }

    private Lab.Ended legacyPort(String... options) throws Exception {
        var command = new ArrayList<>(List.of(System.getProperty("launcher"), "legacy-port"));
        command.addAll(List.of(options));
        command.addAll(List.of("--admin", "http://127.0.0.1:" + gateway.admin().port()));
        return Lab.ended(command.toArray(String[]::new));
    }
}
