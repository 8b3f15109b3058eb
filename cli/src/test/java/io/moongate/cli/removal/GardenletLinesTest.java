package io.moongate.cli.removal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.moongate.cli.Moongate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code moongate legacy-port} prints where gardenlets own the legacy port, of a witness that the test plays. */
class GardenletLinesTest {
    private static final String SERVICE = "\"Service istio-ingress/istio-ingressgateway, port 8132\"";
    private static final String STARTS =
            "{\"seed\": \"seed-1\", \"version\": \"v1.148.0\", \"starts\": true, \"passes\": 22, \"skipped\": 2, \"refuses\": []}";
    private static final String REFUSES =
            "{\"seed\": \"seed-2\", \"starts\": false, \"passes\": 3, \"skipped\": 0, \"refuses\": [\"garden-a/x\", \"garden-b/y\"]}";
    private static final String CHANGE = """

              apiVersion: gardenlet.config.gardener.cloud/v1alpha1
              kind: GardenletConfiguration
              featureGates:
                RemoveHTTPProxyLegacyPort: %s

            """;

    private final List<String> asked = new ArrayList<>();
    /** The page at each time that it is asked for; the last one stays. */
    private final List<String> pages = new ArrayList<>();

    private HttpServer witness;

    private record Result(int code, String out) {}

    @BeforeEach
    void play() throws IOException {
        witness = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        witness.createContext("/legacy-port", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                boolean standing = path.equals("/legacy-port");
                if (!standing) {
                    asked.add(path);
                }
                String answer =
                        standing ? pages.size() > 1 ? pages.removeFirst() : pages.getFirst() : "{\"changes\": []}";
                byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        witness.start();
    }

    @AfterEach
    void end() {
        witness.stop(0);
    }

    @Test
    void checkSaysForEachSeedWhatGardenletWouldSayAndNamesTheShoots() {
        pages.add(page("Open", SERVICE, STARTS + "," + REFUSES));
        Result check = run("check");
        assertThat(check.code()).isZero();
        assertThat(check.out()).isEqualTo("""
                the legacy port is open on Service istio-ingress/istio-ingressgateway, port 8132
                nothing blocks

                gardenlet of seed seed-1 (v1.148.0) with RemoveHTTPProxyLegacyPort starts: 22 shoots have the constraint, 2 are not checked

                gardenlet of seed seed-2 with RemoveHTTPProxyLegacyPort does not start: 2 shoots lack the constraint UsesUnifiedHTTPProxyPort
                  garden-a/x
                  garden-b/y
                """);
    }

    @Test
    void aPortThatGardenletHasTakenAwayUnaskedIsNotCalledOpen() {
        pages.add(page("Open", "", STARTS));
        assertThat(run("check").out())
                .startsWith("no Service leads to the legacy port any more; 'moongate legacy-port remove' puts that on"
                        + " record\n");
    }

    @Test
    void planSaysThatTheGateIsSetInGardenletsConfiguration() {
        pages.add(page("Open", SERVICE, STARTS));
        Result plan = run("plan");
        assertThat(plan.code()).isZero();
        assertThat(plan.out())
                .contains("  - need the feature gate RemoveHTTPProxyLegacyPort of gardenlet of seed seed-1: gardenlet"
                        + " removes the port\n")
                .contains("  - end 7 tunnels together, after Envoy's drain time\n")
                .containsOnlyOnce(CHANGE.formatted(true));
        assertThat(asked).containsExactly("/legacy-port/changes");
    }

    @Test
    void removePrintsTheChangeOnceAndWaitsForGardenlet() {
        pages.add(page("Open", SERVICE, STARTS));
        pages.add(page("Removed", SERVICE, STARTS));
        pages.add(page("Removed", "", STARTS));
        pages.add(page("Removed", "", STARTS).replace("\"tunnels\": 7", "\"tunnels\": 0"));
        Result removed = run("remove", "--yes");
        assertThat(removed.code()).isZero();
        assertThat(removed.out())
                .contains("gardenlet removes the port. Set the feature gate in the configuration of the gardenlet of"
                        + " seed-1, where it is deployed (its GardenletConfiguration, or spec.config of its Gardenlet"
                        + " resource):\n" + CHANGE.formatted(true))
                .containsOnlyOnce("kind: GardenletConfiguration")
                .endsWith("""
                        this waits until the port is gone; you can stop it, the witness goes on watching
                        closing: 7 tunnels left
                        the legacy port is closed; 'moongate legacy-port restore' brings it back, when gardenlet's gate RemoveHTTPProxyLegacyPort is off again
                        """);
        assertThat(asked).containsExactly("/legacy-port/remove");
    }

    @Test
    void withoutWaitingTheChangeIsPrintedToo() {
        pages.add(page("Open", SERVICE, STARTS + "," + STARTS.replace("seed-1", "seed-3")));
        Result removed = run("remove", "--yes", "--no-wait");
        assertThat(removed.out())
                .contains("configuration of the gardenlet of seed-1, seed-3, where")
                .containsOnlyOnce(CHANGE.formatted(true))
                .endsWith("the legacy port closes; 'moongate legacy-port check' tells how far it is\n");
    }

    @Test
    void restoreSaysThatGardenletHasToOpenThePort() {
        pages.add(page("Open", "", STARTS));
        pages.add(page("Open", SERVICE, STARTS));
        Result restored = run("restore");
        assertThat(restored.code()).isZero();
        assertThat(restored.out())
                .contains("gardenlet has to open the port again. Turn off the feature gate in the configuration of the"
                        + " gardenlet of seed-1")
                .containsOnlyOnce(CHANGE.formatted(false))
                .endsWith("the legacy port is open again: Service istio-ingress/istio-ingressgateway, port 8132\n");
    }

    private static String page(String port, String listening, String gardenlets) {
        return """
                {"port": "%s", "listening": [%s], "tunnels": 7, "changes": ["update Service"], "envoys": false,
                 "removable": true, "summary": "nothing blocks", "paceSeconds": 45, "rollbackWindowSeconds": 0,
                 "gardenlets": [%s], "blockers": [], "notes": [], "exempted": [], "expired": []}
                """.formatted(port, listening, gardenlets);
    }

    private Result run(String... arguments) {
        var all = new ArrayList<>(List.of("legacy-port"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--admin", "http://127.0.0.1:" + witness.getAddress().getPort()));
        var out = new StringWriter();
        CommandLine command = Moongate.commandLine().setOut(new PrintWriter(out));
        return new Result(command.execute(all.toArray(String[]::new)), out.toString());
    }
}
