package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.cli.JsonObjects;
import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.Envoy;
import io.moongate.conformance.lab.EnvoyLogs;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real Envoy writes into files leads to the same evidence as what the same Envoy reports of the same tunnels. */
@Timeout(180)
class AdoptionImportTest {
    private static final String MOVED = Plans.apiServer("shoot--test--moved");
    private static final String LIAR = Plans.apiServer("shoot--test--liar");
    private static final String SOCKET = "shoot--test--moved--kube-apiserver-socket";
    /** What a client may send: it must not be read as the end of its own value. */
    private static final String AGENT = "x\" 301 - \"y\" \"z\" " + MOVED + " 10.0.0.1:1 10.0.0.1:2 10.0.0.1:3 - -";

    @TempDir
    Path folder;

    private final Map<Entrance, Integer> ports = new EnumMap<>(Entrance.class);
    private GatewayProcess moongate;
    private Upstream upstream;
    private Process envoy;

    @BeforeEach
    void start() throws IOException {
        upstream = Upstream.echo();
        moongate = new GatewayProcess(folder, 0);
        int service = Admin.freePort();
        for (String name : new String[] {"moved", "liar"}) {
            Files.writeString(
                    moongate.landscape().resolve(name + ".yaml"), Manifests.adopting(name, true, upstream.port()));
        }
        Files.writeString(
                moongate.landscape().resolve("moongate.yaml"),
                moongate.configuration(false, "\"127.0.0.1\"", "", "") + """
                        evidence: {window: 1h, retention: 1h, accessLogService: {enabled: true, port: %d}}
                        """.formatted(service));
        moongate.start();
        for (Entrance entrance : Entrance.values()) {
            ports.put(entrance, Admin.freePort());
        }
        Path bootstrap = Files.writeString(
                folder.resolve("envoy.yaml"),
                EnvoyLogs.bootstrap(ports, service, folder, List.of(MOVED, LIAR, SOCKET), upstream.port()));
        envoy = Envoy.start(bootstrap, folder.resolve("envoy.log"));
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            try (var client = new Client(address(Entrance.LEGACY))) {
                return client.send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
                        .readHead()
                        .startsWith("HTTP/1.1 301");
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        endEnvoy();
        moongate.close();
        upstream.close();
    }

    @Test
    void filesLeadToTheSameEvidenceAsReports() throws Exception {
        Instant began = Instant.now().minusSeconds(1);
        tunnel(Entrance.UNIFIED, MOVED, 3000).close();
        tunnel(Entrance.UNIFIED, SOCKET, 500).close();
        tunnel(Entrance.LEGACY, LIAR, 70_000).close();
        Client last = tunnel(Entrance.LEGACY, LIAR, 10);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(use(seen(), "moved", "unified").get("setUps")).isEqualTo(2);
            assertThat(use(seen(), "liar", "legacy").get("setUps")).isEqualTo(2);
        });
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Files.readString(folder.resolve("istio.log"))
                                .lines()
                                .filter(line -> line.contains("CONNECT") && line.contains(LIAR)))
                        .as("at the set-up, each second, and at the end")
                        .hasSizeGreaterThan(5));
        last.close();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(use(seen(), "liar", "legacy").get("up")).isEqualTo(0));
        Map<?, ?> seen = seen();
        endEnvoy();

        compare(seen, imported("istio.log"), true);
        compare(seen, imported("istio.json"), true);
        compare(seen, imported("--format", EnvoyLogs.OWN_FORMAT, "own.log"), false);
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("istio.log.gz")))) {
            Files.copy(folder.resolve("istio.log"), gzip);
        }
        compare(seen, imported("istio.log.gz", "istio.log", "istio.json", "istio.log"), true);

        Lab.Ended whole =
                run("istio.log", "--covers", began + ".." + Instant.now(), "--longest-tunnel", "1s", "-o", "csv");
        assertThat(whole.output())
                .contains("garden-test/liar")
                .containsPattern("garden-test/liar,.*,Contradiction,true");
        assertThat(whole.exit()).isEqualTo(2);
        Lab.Ended bare = run("default.log", "-o", "csv");
        assertThat(bare.output()).containsPattern("garden-test/liar,.*,NotObserved,true");
        assertThat(bare.exit()).isEqualTo(2);
    }

    /** @param bytes whether the format has them */
    private static void compare(Map<?, ?> seen, Map<?, ?> imported, boolean bytes) {
        for (String[] one : new String[][] {{"moved", "unified", "3500"}, {"liar", "legacy", "70010"}}) {
            Map<?, ?> of = use(seen, one[0], one[1]);
            Map<?, ?> read = use(imported, one[0], one[1]);
            assertThat(read.get("setUps")).isEqualTo(of.get("setUps")).isEqualTo(2);
            assertThat(read.get("clients").toString()).contains("127.0.0.0/24");
            for (String time : new String[] {"lastSetUp", "lastSeen"}) {
                assertThat(Instant.parse(text(read, time)))
                        .as(time)
                        .isBetween(
                                Instant.parse(text(of, time)).minusSeconds(5),
                                Instant.parse(text(of, time)).plusSeconds(5));
            }
            if (bytes) {
                assertThat(text(read, "bytesIn")).isEqualTo(one[2]);
                assertThat(Long.parseLong(text(of, "bytesIn"))).isGreaterThanOrEqualTo(Long.parseLong(one[2]));
            }
            assertThat(use(imported, one[0], one[1].equals("legacy") ? "unified" : "legacy")
                            .get("setUps"))
                    .isEqualTo(0);
        }
    }

    private static String text(Map<?, ?> use, String key) {
        return String.valueOf(use.get(key));
    }

    private static Map<?, ?> use(Map<?, ?> report, String shoot, String entrance) {
        return ((List<?>) report.get("shoots"))
                .stream()
                        .map(row -> (Map<?, ?>) row)
                        .filter(row -> row.get("shoot").equals("garden-test/" + shoot))
                        .map(row -> (Map<?, ?>) row.get(entrance))
                        .findFirst()
                        .orElseThrow();
    }

    /** By the report of the running moongate, to which Envoy reports. */
    private Map<?, ?> seen() throws Exception {
        String admin = "http://127.0.0.1:" + moongate.admin().port();
        return JsonObjects.parse(Lab.ended(System.getProperty("launcher"), "adoption", "-o", "json", "--admin", admin)
                        .output())
                .orElseThrow();
    }

    private Map<?, ?> imported(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        return JsonObjects.parse(run(all.toArray(String[]::new)).output()).orElseThrow();
    }

    private Lab.Ended run(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(System.getProperty("launcher"), "adoption", "import"));
        command.addAll(List.of("--landscape", moongate.landscape().toString()));
        ports.forEach((entrance, port) -> command.addAll(List.of("--port", port + "=" + entrance.label())));
        for (String argument : arguments) {
            boolean file = Files.exists(folder.resolve(argument));
            command.add(file ? folder.resolve(argument).toString() : argument);
        }
        return Lab.ended(command.toArray(String[]::new));
    }

    private InetSocketAddress address(Entrance entrance) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(entrance));
    }

    /** A tunnel that has carried so many bytes in each direction. */
    private Client tunnel(Entrance entrance, String value, int bytes) throws IOException {
        var client = new Client(address(entrance));
        client.send("CONNECT any:1 HTTP/1.1\r\nHost: any:1\r\nUser-Agent: " + AGENT + "\r\n"
                + entrance.header().toLowerCase(Locale.ROOT) + ": " + value + "\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
        client.send("x".repeat(bytes));
        assertThat(client.read(bytes)).hasSize(bytes);
        return client;
    }

    private void endEnvoy() throws InterruptedException {
        envoy.descendants().forEach(ProcessHandle::destroy);
        envoy.destroy();
        envoy.waitFor();
    }
}
