package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.Envoy;
import io.moongate.conformance.lab.EnvoyEntrances;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real Envoy tells of its tunnels by its access log service is evidence like what we see ourselves. */
@Timeout(180)
class EnvoyEvidenceTest {
    @TempDir
    Path folder;

    private final Map<Entrance, Integer> ports = new EnumMap<>(Entrance.class);
    private GatewayProcess moongate;
    private Upstream upstream;
    private Process envoy;
    /** As it is before an Envoy has told anything. */
    private String unheard;

    @BeforeEach
    void start() throws Exception {
        upstream = Upstream.echo();
        moongate = new GatewayProcess(folder, 0);
        int accessLog = Admin.freePort();
        for (String name : new String[] {"moved", "liar"}) {
            Files.writeString(
                    moongate.landscape().resolve(name + ".yaml"), Manifests.adopting(name, true, upstream.port()));
        }
        Files.writeString(
                moongate.landscape().resolve("moongate.yaml"),
                moongate.configuration(false, "\"127.0.0.1\"", "", "") + """
                        evidence: {window: 4s, retention: 1h, accessLogService: {enabled: true, port: %d}}
                        """.formatted(accessLog));
        moongate.start();
        for (Entrance entrance : Entrance.values()) {
            ports.put(entrance, Admin.freePort());
        }
        Path bootstrap = Files.writeString(
                folder.resolve("envoy.yaml"), EnvoyEntrances.bootstrap(ports, accessLog, upstream.port()));
        unheard = row("moved");
        envoy = Envoy.start(bootstrap, folder.resolve("envoy.log"));
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            try (var client = new Client(address(Entrance.LEGACY))) {
                return client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                        .readHead()
                        .startsWith("HTTP/1.1 301");
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        envoy.destroy();
        envoy.waitFor();
        moongate.close();
        upstream.close();
    }

    @Test
    void itsTunnelsAreSeenAcrossOurRestart() throws Exception {
        assertThat(unheard).as("nobody told anything yet").contains(",NotObserved,");
        Client moved = tunnel("moved", Entrance.UNIFIED);
        Client liar = tunnel("liar", Entrance.LEGACY);
        until("liar", row -> assertThat(row).contains(",Contradiction,true,True,0,1,"));
        until("moved", row -> assertThat(row).contains(",Moved,false,True,1,0,"));
        liar.send("x".repeat(5000)).read(5000);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(bytesIn("liar")).isBetween(5000L, 6000L));

        // Bytes are written at the latest eight seconds after they were seen.
        Thread.sleep(Duration.ofSeconds(10));
        moongate.process().destroyForcibly().waitFor();
        moongate.start();
        until("liar", row -> assertThat(row).contains(",Contradiction,true,True,0,1,"));
        String json = adoption("json");
        assertThat(json)
                .as("one tunnel, set up once, however often we begin to look")
                .doesNotContain("\"setUps\" : 2");
        assertThat(bytesIn("liar")).isBetween(5000L, 6000L);

        liar.close();
        until("liar", row -> assertThat(row).contains(",Contradiction,true,True,0,0,20"));
        assertThat(moved.send("ping").read(4)).isEqualTo("ping");

        envoy.destroy();
        envoy.waitFor();
        until("moved", row -> assertThat(row).as("nobody tells us any more").contains(",NotObserved,"));
    }

    private void until(String shoot, ThrowingConsumer<String> satisfies) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> satisfies.accept(row(shoot)));
    }

    private String row(String shoot) throws Exception {
        return adoption("csv")
                .lines()
                .filter(line -> line.startsWith("garden-test/" + shoot))
                .findFirst()
                .orElse("");
    }

    private long bytesIn(String shoot) throws Exception {
        String own =
                adoption("json").split("\"garden-test/" + shoot + "\"", 2)[1].split("\"legacy\"", 2)[1];
        return Long.parseLong(own.replaceFirst("(?s).*?\"bytesIn\" : (\\d+).*", "$1"));
    }

    private String adoption(String format) throws Exception {
        return Lab.ended(
                        System.getProperty("launcher"),
                        "adoption",
                        "-o",
                        format,
                        "--admin",
                        "http://127.0.0.1:" + moongate.admin().port())
                .output();
    }

    private InetSocketAddress address(Entrance entrance) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(entrance));
    }

    private Client tunnel(String name, Entrance entrance) throws IOException {
        var client = new Client(address(entrance));
        client.send(Client.connect(entrance, Plans.apiServer("shoot--test--" + name)));
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
        return client;
    }
}
