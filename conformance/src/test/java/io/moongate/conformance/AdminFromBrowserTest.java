package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpServer;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A page of somebody else in the operator's browser: it must neither confirm a removal nor read what is in force. */
@Timeout(180)
class AdminFromBrowserTest {
    private static final int SHOOTS = 8;
    /** A name that its owner lets lead to this machine. */
    private static final String REBOUND = "rebound.example";

    @TempDir
    Path folder;

    @Test
    void aPageOfAnotherSiteChangesAndReadsNothing() throws Exception {
        try (var gateway = new GatewayProcess(folder, 0);
                var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of(
                                        "--no-sandbox", "--host-resolver-rules=MAP " + REBOUND + " 127.0.0.1")))) {
            String id = heldRemoval(gateway);
            HttpServer evil = evil();
            try {
                Page page = browser.newPage();
                page.navigate("http://127.0.0.1:" + evil.getAddress().getPort() + "/");
                String confirm = "http://127.0.0.1:" + gateway.admin().port() + "/confirm/" + id;
                page.evaluate(
                        "url => fetch(url, {method: 'POST', mode: 'no-cors'}).then(() => 'sent', e => String(e))",
                        confirm);
                page.evaluate(
                        "url => { const f = document.createElement('form'); f.method = 'POST'; f.action = url;"
                                + " document.body.append(f); f.submit(); }",
                        confirm);
                page.waitForURL("**/confirm/**");
                assertThat(page.content()).contains("comes from a page of another site");

                // The same address under a name of the attacker: now the page is of the same site as the endpoint.
                String rebound = "http://" + REBOUND + ":" + gateway.admin().port();
                page.navigate(rebound + "/config");
                assertThat(page.content())
                        .contains("ask for this address by an IP address")
                        .doesNotContain("generation");
                Object status = page.evaluate(
                        "url => fetch(url, {method: 'POST', headers: {'Sec-Moongate-Request': 'true', 'X-Any': 'y'}})"
                                + ".then(r => r.status, e => String(e))",
                        rebound + "/confirm/" + id);
                assertThat(status).isEqualTo(403);
                page.navigate("http://127.0.0.1:" + gateway.admin().port() + "/config");
                assertThat(page.content())
                        .as("what the operator types is answered")
                        .contains("generation");
            } finally {
                evil.stop(0);
            }
            assertThat(gateway.config()).contains("RemovalHeld");
            Lab.Ended confirmed = Lab.ended(
                    System.getProperty("launcher"),
                    "confirm",
                    id,
                    "--admin",
                    "http://127.0.0.1:" + gateway.admin().port());
            assertThat(confirmed.exit()).as(confirmed.output()).isZero();
            await().until(() -> !gateway.config().contains("RemovalHeld"));
        }
    }

    private static String heldRemoval(GatewayProcess gateway) throws Exception {
        gateway.configure("drain: {grace: 1s}");
        Files.writeString(gateway.landscape().resolve("stays.yaml"), Manifests.shoot("stays", "gw.example.org", false));
        for (int i = 0; i < SHOOTS; i++) {
            Files.writeString(
                    gateway.landscape().resolve("s" + i + ".yaml"), Manifests.shoot("s" + i, "gw.example.org", false));
        }
        gateway.start();
        for (int i = 0; i < SHOOTS; i++) {
            Files.delete(gateway.landscape().resolve("s" + i + ".yaml"));
        }
        await().until(() -> gateway.config().contains("RemovalHeld"));
        Matcher id = Pattern.compile("\"heldRemoval\" : \"([^\"]+)\"").matcher(gateway.config());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private static HttpServer evil() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>harmless</title><body>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        return server;
    }
}
