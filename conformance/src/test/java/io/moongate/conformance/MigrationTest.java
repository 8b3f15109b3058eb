package io.moongate.conformance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.moongate.conformance.lab.Certificates;
import io.moongate.conformance.lab.Envoy;
import io.moongate.conformance.lab.EnvoyEntrances;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.OpenVpn;
import io.moongate.conformance.lab.TunnelClients;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way, told by what happens to thirty shoots: nineteen on our gateway, ten on a real Envoy that tells of its
 * tunnels, one with a real OpenVPN. One lies, one sleeps, one has a firewall that lets 8443 not through.
 */
@Timeout(300)
class MigrationTest {
    private static final int ECHO = 7000;
    private static final int ACCESS_LOG = 18001;
    private static final Map<Entrance, Integer> OURS = Map.of(Entrance.UNIFIED, 8443, Entrance.LEGACY, 8132);
    private static final Map<Entrance, Integer> ENVOYS = Map.of(Entrance.UNIFIED, 9443, Entrance.LEGACY, 9132);
    private static final String LIAR = "liar";
    private static final String ASLEEP = "asleep";
    private static final String WALLED = "walled";
    private static final String VPN = "vpn";
    /** Where the shoot behind the firewall dials from. */
    private static final String WALLED_IP = "10.99.0.3";

    @TempDir
    Path folder;

    private Lab lab;
    private Path landscape;
    private Path output;
    private TunnelClients clients;
    private final List<String> onOurs = new ArrayList<>(List.of(LIAR, WALLED));
    private final List<String> onEnvoy =
            IntStream.range(0, 10).mapToObj(i -> "envoy-" + i).toList();

    @BeforeEach
    void start() throws IOException {
        IntStream.range(0, 16).forEach(i -> onOurs.add("own-" + i));
        lab = new Lab(folder);
        lab.in(lab.shoot(), "ip", "addr", "add", WALLED_IP + "/24", "dev", "v0");
        lab.in(
                lab.shoot(),
                "ip",
                "rule",
                "add",
                "from",
                WALLED_IP,
                "ipproto",
                "tcp",
                "dport",
                "8443",
                "type",
                "prohibit");
        landscape = Files.createDirectories(folder.resolve("landscape"));
        output = folder.resolve("out");
        Certificates.make(Files.createDirectories(folder.resolve("pki")));
        lab.start(
                lab.seed(),
                "echo",
                "python3",
                Path.of("src/test/resources/echo_server.py").toAbsolutePath().toString(),
                Integer.toString(ECHO));
        lab.awaitLog("echo", "listening");
    }

    @AfterEach
    void end() throws Exception {
        if (clients != null) {
            clients.close();
        }
        lab.close();
    }

    @Test
    void thirtyShootsMoveAndNobodyIsCutOff() throws Exception {
        configure(false, "");
        everybody().forEach(name -> write(name, name.equals(LIAR)));
        sleeping();
        lab.gateway(landscape, output);
        envoy();
        var vpn = new OpenVpn(lab, folder.resolve("pki"));
        vpn.server(0);
        Process vpnClient = vpn.client(output.resolve("shoot--test--vpn/vpn-client.ovpn"), "vpn-legacy");
        clients = new TunnelClients(lab);
        onOurs.forEach(name -> dial(name, OURS, Entrance.LEGACY));
        onEnvoy.forEach(name -> dial(name, ENVOYS, Entrance.LEGACY));
        awaitAllUp();
        vpn.awaitPing(0);

        // The gate: shoot by shoot moves, and says so when it is seen on the new port.
        configure(true, "");
        moving().forEach(name -> {
            dial(name, onEnvoy.contains(name) ? ENVOYS : OURS, Entrance.UNIFIED);
            awaitUp(name);
            write(name, true);
        });
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(output.resolve("shoot--test--vpn/vpn-client.ovpn"))
                        .contains(" 8443"));
        Lab.end(vpnClient);
        vpn.client(output.resolve("shoot--test--vpn/vpn-client.ovpn"), "vpn-unified");
        vpn.awaitPing(0);
        write(VPN, true);
        // Its probe fails: it stays where it can be reached.
        dial(WALLED, OURS, Entrance.UNIFIED);
        await("the firewall")
                .atMost(Duration.ofSeconds(20))
                .until(() -> clients.report().get(WALLED).refused() >= 3);
        assertThat(clients.report().get(WALLED).up()).isFalse();
        dial(WALLED, OURS, Entrance.LEGACY);
        awaitAllUp();

        // Three are found, with the reason; in the terminal and in the browser.
        awaitFindings("Moved", 27);
        assertThat(adoption())
                .contains("garden-test/liar,", ",Contradiction,", "garden-test/walled,", ",UsesLegacyPort,");
        assertThat(adoption()).contains("garden-test/asleep,", "Hibernated,Away,");
        assertThat(moongate("legacy-port", "remove", "--yes").exit()).isEqualTo(2);
        Map<String, TunnelClients.State> before = clients.report();
        inTheBrowser("3 of 30 shoots block", "Contradiction", "Open: 3");

        // The liar is mended, the other two are somebody's responsibility.
        dial(LIAR, OURS, Entrance.UNIFIED);
        awaitUp(LIAR);
        configure(
                true,
                Stream.of(WALLED, ASLEEP)
                        .map(name -> "{shoot: garden-test/%s, owner: team a, reason: told in time, expires: \"%s\"}"
                                .formatted(name, Instant.now().plusSeconds(3600)))
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> moongate("legacy-port", "check").exit() == 0);
        Lab.Ended removed = moongate("legacy-port", "remove", "--yes", "--as", "anna");
        assertThat(removed.exit()).as(removed.output()).isZero();
        await("its tunnel ends, as its owner was told")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !clients.report().get(WALLED).up());
        inTheBrowser("2 of 30 shoots block", "garden-test/walled", "Removed by anna");
        assertThat(vpn.ping(0)).isTrue();

        assertThat(moongate("legacy-port", "restore", "--as", "otto").exit()).isZero();
        awaitAllUp();
        assertThat(vpn.ping(0)).isTrue();
        inTheBrowser("2 of 30 shoots block", "garden-test/walled", "otto");
        assertNobodyElseWasCut(before);
    }

    private void assertNobodyElseWasCut(Map<String, TunnelClients.State> before) throws IOException {
        long pings = 0;
        for (var entry : clients.report().entrySet()) {
            boolean exempted = entry.getKey().equals(WALLED);
            assertThat(entry.getValue().cut()).as(entry.getKey()).isEqualTo(exempted ? 1 : 0);
            TunnelClients.State then = before.get(entry.getKey());
            assertThat(entry.getValue().pings()).as(entry.getKey()).isGreaterThan(then == null ? 0 : then.pings());
            pings += entry.getValue().pings();
        }
        System.out.println("MEASURED migration of 30 shoots: " + pings + " pings, 0 tunnels cut that nothing required");
    }

    private Stream<String> everybody() {
        return Stream.of(onOurs.stream(), onEnvoy.stream(), Stream.of(VPN)).flatMap(names -> names);
    }

    private Stream<String> moving() {
        return Stream.concat(onOurs.stream(), onEnvoy.stream())
                .filter(name -> !List.of(LIAR, WALLED).contains(name));
    }

    private void envoy() throws IOException {
        Path bootstrap =
                Files.writeString(folder.resolve("envoy.yaml"), EnvoyEntrances.bootstrap(ENVOYS, ACCESS_LOG, ECHO));
        lab.start(
                lab.seed(),
                "envoy",
                Envoy.binary().toString(),
                "-c",
                bootstrap.toString(),
                "--concurrency",
                "2",
                "--use-dynamic-base-id");
        lab.awaitLog("envoy", "starting main dispatch loop");
    }

    private void configure(boolean gate, String exemptions) throws IOException {
        Files.writeString(landscape.resolve("moongate.yaml"), Manifests.configuration(gate, """
                        gateway: {drain: {grace: 1s}}
                        evidence: {window: 6s, retention: 1h, accessLogService: {enabled: true}}
                        removal: {pace: 1s, exemptions: [%s]}
                        """.formatted(exemptions)));
    }

    /** @param moved whether its condition says so: a liar's since long ago, anybody else's since now */
    private void write(String name, boolean moved) {
        String text = name.equals(VPN)
                ? Manifests.shoot(name, Lab.SEED_IP, false) + Manifests.endpoints(name, "vpn-seed-server", 1194)
                : Manifests.shoot(name, Lab.SEED_IP, false) + Manifests.endpoints(name, "kube-apiserver", ECHO);
        Instant since = name.equals(LIAR) ? Instant.parse("2026-01-01T00:00:00Z") : Instant.now();
        try {
            Files.writeString(landscape.resolve(name + ".yaml"), moved ? Manifests.declared(text, since) : text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sleeping() throws IOException {
        Files.writeString(
                landscape.resolve(ASLEEP + ".yaml"),
                Manifests.shoot(ASLEEP, Lab.SEED_IP, false)
                        .replaceFirst("spec:\n", "spec:\n  hibernation: {enabled: true}\n"));
    }

    private void dial(String shoot, Map<Entrance, Integer> ports, Entrance entrance) {
        try {
            clients.dial(shoot, shoot.equals(WALLED) ? WALLED_IP : Lab.SHOOT_IP, ports.get(entrance), entrance);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitUp(String shoot) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> clients.report().get(shoot).up());
    }

    private void awaitAllUp() {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(clients.report())
                        .allSatisfy(
                                (name, state) -> assertThat(state.up()).as(name).isTrue()));
    }

    private void awaitFindings(String finding, long count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(adoption().lines().filter(line -> line.contains("," + finding + ",")))
                        .hasSize((int) count));
    }

    private String adoption() throws Exception {
        return moongate("adoption", "-o", "csv").output();
    }

    private Lab.Ended moongate(String... command) throws Exception {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", lab.seed(), System.getProperty("launcher")));
        all.addAll(List.of(command));
        return Lab.ended(all.toArray(String[]::new));
    }

    /** On the seed's own machine: the dashboard is on its loopback. */
    private void inTheBrowser(String headline, String first, String removal) throws IOException {
        Path chromium = Files.writeString(
                folder.resolve("chromium"),
                "#!/bin/sh\nexec ip netns exec " + lab.seed() + " /usr/bin/chromium \"$@\"\n");
        Files.setPosixFilePermissions(chromium, PosixFilePermissions.fromString("rwx------"));
        try (var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium)
                                .setArgs(List.of("--no-sandbox")))) {
            PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
            Page page = browser.newPage();
            page.navigate("http://127.0.0.1:8080/");
            assertThat(page.locator(".headline")).containsText(headline);
            assertThat(page.locator("tbody tr").first()).containsText(first);
            for (String shoot : List.of(LIAR, ASLEEP, WALLED)) {
                page.navigate("http://127.0.0.1:8080/shoots/garden-test/" + shoot);
                assertThat(page.locator("h1")).hasText("garden-test/" + shoot);
            }
            page.navigate("http://127.0.0.1:8080/removal");
            assertThat(page.locator("[data-live=removal]")).containsText("garden-test/asleep");
            assertThat(page.locator("[data-live=removal]")).containsText(removal);
        }
    }
}
