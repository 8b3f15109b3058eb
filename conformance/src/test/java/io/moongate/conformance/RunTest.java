package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as an operator meets it: signals, health, edits that go wrong, restarts without its source. */
class RunTest {
    private static final String VALUE = Plans.apiServer("shoot--test--live");

    @TempDir
    Path folder;

    @Test
    void sigtermDrainsAndExitsWithZero() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = start(upstream, "drain: {grace: 2s}")) {
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
            var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            gateway.process().destroy();
            await().until(() -> gateway.get("/readyz").statusCode() == 503);
            assertThat(tunnel.readAll()).isEmpty();
            assertThat(gateway.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.process().exitValue()).isZero();
            assertThat(gateway.accessLog()).singleElement().asString().contains("\"flag\":\"Drained\"");
        }
    }

    @Test
    void aSecondSigtermEndsAtOnce() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = start(upstream, "drain: {grace: 10m}")) {
            var tunnel = Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE);
            gateway.process().destroy();
            await().until(() -> gateway.get("/readyz").statusCode() == 503);
            tunnel.send("up");
            assertThat(tunnel.read(2)).isEqualTo("up");
            gateway.process().destroy();
            assertThat(gateway.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aRemovalOfManyIsHeldUntilConfirmed() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new GatewayProcess(folder, 0)) {
            gateway.configure("drain: {grace: 1s}");
            live(gateway, upstream);
            for (int i = 0; i < 8; i++) {
                Files.writeString(
                        gateway.landscape().resolve("s" + i + ".yaml"),
                        Manifests.shoot("s" + i, "gw.example.org", false));
            }
            gateway.start();
            for (int i = 0; i < 8; i++) {
                Files.delete(gateway.landscape().resolve("s" + i + ".yaml"));
            }
            await().until(() -> gateway.config().contains("RemovalHeld"));
            Matcher id = Pattern.compile("\"heldRemoval\" : \"([^\"]+)\"").matcher(gateway.config());
            assertThat(id.find()).isTrue();
            assertThat(gateway.post("/confirm/nonsense").statusCode()).isEqualTo(409);
            assertThat(gateway.config()).contains("kube-apiserver.shoot--test--s7.svc");
            assertThat(gateway.post("/confirm/" + id.group(1)).statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !gateway.config().contains("kube-apiserver.shoot--test--s7.svc"));
            assertThat(gateway.config()).contains("kube-apiserver.shoot--test--live.svc");
        }
    }

    @Test
    void theLastGoodPlanIsUsedWhenTheSourceIsAwayAtStart() throws Exception {
        try (var upstream = Upstream.echo()) {
            Path away = folder.resolve("away");
            try (var gateway = start(upstream, "")) {
                Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)
                        .close();
                gateway.process().destroyForcibly().waitFor();
                Files.move(gateway.landscape(), away);
                gateway.start();
                assertThat(gateway.config()).contains("SourceAway");
                Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)
                        .close();
                Files.move(away, gateway.landscape());
                await().until(() -> !gateway.config().contains("SourceAway"));
                Client.tunnel(gateway.address(Entrance.LEGACY), Entrance.LEGACY, VALUE)
                        .close();
            }
        }
    }

    @Test
    void newFilesTakeNoPlacesOfThoseThatAreServedAlsoOverARestart() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new GatewayProcess(folder, 0)) {
            gateway.configure("drain: {grace: 1s}");
            Files.writeString(
                    gateway.landscape().resolve("moongate.yaml"), "input: {maxFiles: 2}\n", StandardOpenOption.APPEND);
            live(gateway, upstream);
            gateway.start();
            for (int i = 0; i < 3; i++) {
                Files.writeString(
                        gateway.landscape().resolve("0" + i + ".yaml"),
                        Manifests.shoot("new" + i, "gw.example.org", false));
            }
            await().until(() -> gateway.config().contains("there are more than 2 files, and no room for this one"));
            addToLive(gateway, "edited");
            gateway.process().destroyForcibly().waitFor();
            gateway.start();
            addToLive(gateway, "again");
            assertThat(gateway.config()).contains("shoot--test--edited").doesNotContain("shoot--test--new");
            Client.tunnel(gateway.address(Entrance.UNIFIED), Entrance.UNIFIED, VALUE)
                    .close();
        }
    }

    private static void addToLive(GatewayProcess gateway, String shoot) throws IOException {
        Files.writeString(
                gateway.landscape().resolve("live.yaml"),
                Manifests.shoot(shoot, "gw.example.org", false),
                StandardOpenOption.APPEND);
        await().until(() -> gateway.config().contains("kube-apiserver.shoot--test--" + shoot + ".svc"));
    }

    @Test
    void aBrokenConfigurationAtTheFirstStartIsAnErrorWithThePlace() throws Exception {
        try (var gateway = new GatewayProcess(folder, 0)) {
            Files.writeString(
                    gateway.landscape().resolve("moongate.yaml"), Manifests.configuration(false, "gatway: {}"));
            org.junit.jupiter.api.Assertions.assertThrows(AssertionError.class, gateway::start);
            assertThat(gateway.process().exitValue()).isEqualTo(1);
            assertThat(gateway.errors())
                    .contains("error:")
                    .contains("unknown field 'gatway'; did you mean 'gateway'?")
                    .contains("moongate.yaml:4:1");
        }
    }

    private GatewayProcess start(Upstream upstream, String extra) throws IOException {
        var gateway = new GatewayProcess(folder, 0);
        gateway.configure(extra);
        live(gateway, upstream);
        gateway.start();
        return gateway;
    }

    private static void live(GatewayProcess gateway, Upstream upstream) throws IOException {
        Files.writeString(
                gateway.landscape().resolve("live.yaml"),
                Manifests.shoot("live", "gw.example.org", false)
                        + Manifests.endpoints("live", "kube-apiserver", upstream.port()));
    }
}
