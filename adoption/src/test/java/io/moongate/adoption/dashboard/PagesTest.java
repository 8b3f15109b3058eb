package io.moongate.adoption.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.report.MergedReport;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final List<Map<?, ?>> shoots = new ArrayList<>();
    private Map<String, Map<?, ?>> legacyPorts = Map.of();
    private final Pages pages = new Pages(
            new DashboardSource() {
                @Override
                public Look look() {
                    Map<?, ?> report = Map.of(
                            "at",
                            "2026-03-10T00:00:00Z",
                            "from",
                            "2026-03-03T00:00:00Z",
                            "unseenSeconds",
                            7,
                            "shoots",
                            shoots);
                    return new Look(MergedReport.of(List.of(report)), legacyPorts, List.of());
                }

                @Override
                public List<Map<?, ?>> history() {
                    return List.of(
                            Map.of("hour", "2026-03-09T00:00:00Z", "findings", Map.of("NotMoved", 3, "Moved", 1)),
                            Map.of("hour", "2026-03-09T01:00:00Z", "findings", Map.of("NotMoved", 1, "Moved", 3)));
                }

                @Override
                public List<Map<?, ?>> days(String shoot) {
                    return List.of(Map.of("day", "2026-03-09", "entrance", "LEGACY", "setUps", 4));
                }
            },
            false);

    @Test
    void whatStrangersNamedIsText() throws IOException {
        shoots.add(shoot("garden-a/<script>alert(1)</script>", "Contradiction"));
        assertThat(page("/", "")).doesNotContain("<script>alert").contains("&lt;script&gt;alert");
    }

    @Test
    void filtersAndPagesKeepEachOther() throws IOException {
        IntStream.range(0, 250).forEach(i -> shoots.add(shoot("garden-a/s" + i, i % 2 == 0 ? "NotMoved" : "Moved")));
        assertThat(page("/", "")).contains("250 shoots, disagreement first; page 1 of 3", "125 of 250 shoots block");
        String second = page("/", "finding=NotMoved&page=2");
        assertThat(second).contains("125 shoots, disagreement first; page 2 of 2", "?finding=NotMoved&amp;page=1");
        assertThat(page("/", "name=S249")).contains("1 shoots");
        assertThat(page("/", "name=nobody")).contains("No shoot is like that");
        assertThat(page("/", "page=99999")).contains("page 3 of 3");
    }

    @Test
    void whoIsSilentIsFoundBesideAnotherFinding() throws IOException {
        shoots.add(shoot("garden-a/silent", "NotObserved"));
        shoots.add(shoot("garden-a/other", "NotObserved"));
        assertThat(page("/", "finding=Silent")).contains("garden-a/silent").doesNotContain("garden-a/other");
        assertThat(page("/", "finding=NotObserved")).contains("garden-a/silent", "garden-a/other");
    }

    @Test
    void theRemovalNamesAHundredAndLeadsToAll() throws IOException {
        IntStream.range(0, 250).forEach(i -> shoots.add(shoot("garden-a/s" + i, "NotMoved")));
        legacyPorts = Map.of(
                "This gateway", Map.of("port", "Open", "removable", false, "summary", "250", "blockers", shoots));
        assertThat(page("/removal", ""))
                .contains("garden-a/s99<", "These are 100 of 250", "href=\"/?blocking=yes\"")
                .doesNotContain("garden-a/s100<");
    }

    @Test
    void theBurnDownIsALineWithWordsForIt() throws IOException {
        shoots.add(shoot("garden-a/one", "NotMoved"));
        assertThat(page("/", ""))
                .contains("points=\"0.0,40.0 720.0,120.0\"", "Blocking shoots, from 3 to 1, of 4 at most");
    }

    @Test
    void aShootHasAPageAndAnotherHasNone() throws IOException {
        shoots.add(shoot("garden-a/one", "NotMoved"));
        assertThat(page("/shoots/garden-a/one", "")).contains("It blocks the removal", "why not");
        assertThat(pages.page("/shoots/garden-a/two", Filter.of(""))).isEmpty();
    }

    @Test
    void itAnswersToKnownNamesOnlyWhereverItListens() throws IOException {
        for (String address : List.of("127.0.0.1", "0.0.0.0")) {
            itAnswersToKnownNamesOnly(InetAddress.ofLiteral(address));
        }
    }

    private static void itAnswersToKnownNamesOnly(InetAddress address) throws IOException {
        try (var dashboard = new Dashboard(
                new InetSocketAddress(address, 0),
                new DashboardSource() {
                    @Override
                    public Look look() {
                        return new Look(MergedReport.of(List.of()), Map.of(), List.of());
                    }

                    @Override
                    public List<Map<?, ?>> history() {
                        return List.of();
                    }

                    @Override
                    public List<Map<?, ?>> days(String shoot) {
                        return List.of();
                    }
                },
                Optional.empty(),
                new RequestGuard(Set.of("moongate.example"), false))) {
            assertThat(answer(dashboard, "GET", "moongate.example:8080")).startsWith("HTTP/1.1 200");
            assertThat(answer(dashboard, "GET", "evil.example:8080")).startsWith("HTTP/1.1 403");
            assertThat(answer(dashboard, "POST", "localhost")).startsWith("HTTP/1.1 405");
            assertThat(answer(dashboard, "GET", "127.0.0.1:8080"))
                    .startsWith("HTTP/1.1 200")
                    .contains("No shoot is known yet", "default-src 'none'");
        }
    }

    private static String answer(Dashboard dashboard, String method, String host) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress("127.0.0.1", dashboard.address().getPort()));
            socket.getOutputStream()
                    .write((method + " / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("(?i)content-security-policy", "content-security-policy");
        }
    }

    private String page(String path, String query) throws IOException {
        return pages.page(path, Filter.of(query)).orElseThrow();
    }

    private static Map<String, Object> shoot(String name, String finding) {
        Map<String, Object> use = Map.of("up", 0, "setUps", 0, "bytesIn", 0, "bytesOut", 0, "clients", Map.of());
        return Map.of(
                "shoot",
                name,
                "seed",
                "s",
                "project",
                "a",
                "class",
                "Active",
                "finding",
                finding,
                "blocks",
                !finding.equals("Moved"),
                "silent",
                name.endsWith("silent"),
                "why",
                "why not",
                "legacy",
                use,
                "unified",
                use);
    }
}
