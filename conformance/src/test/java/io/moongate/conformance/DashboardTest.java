package io.moongate.conformance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.moongate.adoption.evidence.EvidenceKeeper;
import io.moongate.adoption.evidence.History;
import io.moongate.adoption.report.Finding;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Manifests;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import io.moongate.model.loop.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser, while real tunnels come and go. */
@Timeout(180)
class DashboardTest {
    private static final int[] WIDTHS = {1280, 390};
    private static final int HOURS = 48;
    private static final String TOKEN = "0123456789-of-the-test";

    @TempDir
    Path folder;

    private final List<String> serious = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private String home;

    @Test
    void whatHappensIsSeenByEverybody() throws Exception {
        try (var upstream = Upstream.echo();
                var gateway = new GatewayProcess(folder, 0);
                var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            for (String name : List.of("moved", "liar", "old")) {
                Files.writeString(
                        gateway.landscape().resolve(name + ".yaml"),
                        Manifests.adopting(name, !name.equals("old"), upstream.port()));
            }
            configure(gateway, "");
            twoDaysBefore();
            gateway.start(
                    "--dashboard-token",
                    Files.writeString(folder.resolve("token"), TOKEN + "\n").toString());
            home = address(gateway.errors());
            try (Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(Path.of("/usr/bin/chromium"))
                            .setArgs(List.of("--no-sandbox")))) {
                look(browser, gateway);
            }
        }
        assertThat(serious).as("serious findings of axe").isEmpty();
        // The browser tells of them when it comes to it.
        assertThat(errors)
                .as("errors in the browser's console")
                .allMatch(error -> (error.contains("404") && error.contains("/nowhere"))
                        || (error.contains("403") && error.contains("/removal")));
    }

    /** What a process has counted that ran before: for an hour of it nobody did. */
    private void twoDaysBefore() throws IOException {
        Path file = Files.createDirectories(folder.resolve("state")).resolve("evidence.db");
        EvidenceKeeper.open(file, Supervisor.NONE).close();
        try (var history = History.open(file)) {
            for (int hour = HOURS; hour > 0; hour--) {
                long left = hour > HOURS / 2 ? 2 : 1;
                if (hour != HOURS / 3) {
                    history.count(
                            Instant.now().minus(Duration.ofHours(hour)),
                            Map.of(Finding.NotMoved, left, Finding.Contradiction, 1L, Finding.Moved, 2 - left));
                }
            }
        }
    }

    private void look(Browser browser, GatewayProcess gateway) throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
        Page page = browser.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text() + " " + message.location());
            }
        });
        page.navigate(home);
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("live");
        assertThat(page.locator(".headline")).containsText("3 of 3 shoots block");

        assertThat(page.locator("figure title")).containsText("Blocking shoots, from 3 to ");
        assertThat(page.locator("polyline.blocking")).hasCount(2);

        // The liar shows itself, without a reload.
        Client liar = tunnel(gateway, "liar", Entrance.LEGACY);
        Client moved = tunnel(gateway, "moved", Entrance.UNIFIED);
        assertThat(page.locator("tbody tr").first()).containsText("garden-test/liar");
        assertThat(page.locator("tbody tr").first()).containsText("Contradiction");
        show(page, "landscape");

        page.getByLabel("Finding").selectOption("Contradiction");
        page.getByRole(AriaRole.BUTTON).click();
        assertThat(page.locator("tbody tr")).hasCount(1);
        page.keyboard().press("Tab");
        page.getByText("garden-test/liar").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("garden-test/liar");
        assertThat(page.locator(".headline").first())
                .containsText("find the client that still has the old configuration");
        assertThat(page.locator("tr", new Page.LocatorOptions().setHasText("8132, legacy")))
                .containsText("127.0.0.0/24");
        show(page, "shoot");

        page.navigate(home + "seeds");
        assertThat(page.locator("caption").first()).hasText("By seed");
        show(page, "seeds");

        page.navigate(home + "removal");
        assertThat(page.locator("[data-live=removal]")).containsText("These need it");
        show(page, "removal");
        exemptAll(gateway);
        assertThat(page.locator(".headline")).containsText("nothing blocks");
        show(page, "removable");
        decide(page, "Remove the legacy port", "a wrong one", "remove");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Nothing was changed: the token is wrong");
        assertThat(page.locator("[data-live=removal]")).containsText("nothing blocks");
        decide(page, "Remove the legacy port", TOKEN, "remove");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("the legacy port closes");
        assertThat(page.locator("[data-live=removal]")).containsText("Removed by anna");
        assertThat(liar.in().read()).isNegative();
        assertThat(moved.send("ping").read(4)).isEqualTo("ping");
        show(page, "removed");
        decide(page, "Restore the legacy port", TOKEN, "");
        assertThat(page.locator("[data-live=removal]")).containsText("Open:");
        tunnel(gateway, "liar", Entrance.LEGACY);

        assertThat(page.navigate(home + "nowhere").status()).isEqualTo(404);
    }

    private static void decide(Page page, String what, String token, String word) {
        page.getByLabel("Your name").fill("anna");
        page.getByLabel("Token").fill(token);
        if (!word.isEmpty()) {
            page.getByLabel("Type " + word).fill(word);
        }
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(what))
                .click();
    }

    /** In both widths and both schemes: nothing serious for axe, nothing that has to be scrolled sideways; pictures. */
    private void show(Page page, String name) throws IOException {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : WIDTHS) {
                page.setViewportSize(width, 800);
                new AxeBuilder(page)
                        .analyze().getViolations().stream()
                                .filter(v -> List.of("serious", "critical").contains(v.getImpact()))
                                .forEach(v -> serious.add(
                                        name + " " + width + " " + scheme + ": " + v.getId() + " " + v.getNodes()));
                assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                        .as(name + " fits into " + width)
                        .isEqualTo(true);
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(Files.createDirectories(Path.of("target", "screenshots"))
                                .resolve(
                                        name + "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
            }
        }
        page.setViewportSize(WIDTHS[0], 800);
    }

    private static void exemptAll(GatewayProcess gateway) throws IOException {
        var all = new StringBuilder();
        for (String name : List.of("moved", "liar", "old")) {
            all.append("{shoot: garden-test/%s, owner: team a, reason: a test, expires: \"%s\"}, "
                    .formatted(name, Instant.now().plusSeconds(3600)));
        }
        configure(gateway, all.toString());
    }

    private static void configure(GatewayProcess gateway, String exemptions) throws IOException {
        Files.writeString(
                gateway.landscape().resolve("moongate.yaml"),
                gateway.configuration(false, "\"127.0.0.1\"", "", "") + "removal: {pace: 0s, exemptions: [" + exemptions
                        + "]}\n");
    }

    private static Client tunnel(GatewayProcess gateway, String name, Entrance entrance) throws IOException {
        return Client.tunnel(gateway.address(entrance), entrance, Plans.apiServer("shoot--test--" + name));
    }

    private static String address(String greeting) {
        Matcher matcher = Pattern.compile("dashboard (http://\\S+)").matcher(greeting);
        assertThat(matcher.find()).as(greeting).isTrue();
        return matcher.group(1);
    }
}
