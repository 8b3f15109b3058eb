package io.moongate.adoption.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.adoption.report.MergedReport;
import io.moongate.model.net.RequestGuard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real HTTP, as a browser sends it. */
class DecisionFormTest {
    private static final String RIGHT = "token=open+sesame+open+sesame";

    private final List<String> decided = new ArrayList<>();
    private final Map<String, Object> port = new HashMap<>(Map.of(
            "port",
            "Open",
            "removable",
            true,
            "summary",
            "nothing blocks",
            "paceSeconds",
            60,
            "since",
            Map.of("who", "anna", "at", "2026-03-01T00:00:00Z"),
            "tunnels",
            0));
    private final HttpClient http = HttpClient.newHttpClient();
    private Decider.Outcome outcome = new Decider.Outcome(true, "");
    private Dashboard dashboard;

    private final DashboardSource source = new DashboardSource() {
        @Override
        public Look look() {
            return new Look(MergedReport.of(List.of()), Map.of("This gateway", Map.copyOf(port)), List.of());
        }

        @Override
        public List<Map<?, ?>> history() {
            return List.of();
        }

        @Override
        public List<Map<?, ?>> days(String shoot) {
            return List.of();
        }
    };

    private final Decider decider = new Decider() {
        @Override
        public boolean knows(String token) {
            return token.equals("open sesame open sesame");
        }

        @Override
        public Outcome decide(Step step, String who) {
            decided.add(who + " " + step);
            if (outcome.done()) {
                port.put("port", "Removed");
            }
            return outcome;
        }
    };

    @BeforeEach
    void open() throws Exception {
        dashboard = open(Optional.of(decider));
    }

    private Dashboard open(Optional<Decider> who) throws Exception {
        return new Dashboard(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), source, who, RequestGuard.STRICT);
    }

    @AfterEach
    void close() {
        dashboard.close();
        http.close();
    }

    @Test
    void whoKnowsTheTokenDecidesAndSeesWhatItHasDone() throws Exception {
        assertThat(get().body()).contains("Remove the legacy port").doesNotContain("Restore the legacy port");
        HttpResponse<String> answer = post("step=Remove&who=anna&word=remove&" + RIGHT);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(decided).containsExactly("anna Remove");
        assertThat(answer.body())
                .contains("the legacy port closes", "Restore the legacy port")
                .doesNotContain("Remove the legacy port", "sesame");
    }

    @Test
    void whoDoesNotKnowItChangesNothing() throws Exception {
        HttpResponse<String> answer = post("step=Remove&who=anna&word=remove&token=guessed");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("the token is wrong").doesNotContain("guessed");
        assertThat(post("step=Remove&who=anna&word=remove").statusCode()).isEqualTo(403);
        assertThat(decided).isEmpty();
    }

    @Test
    void whoeverDecidesHasANameAndMeansIt() throws Exception {
        assertThat(post("step=Remove&who=+&word=remove&" + RIGHT).body()).contains("give your name");
        assertThat(post("step=Remove&who=anna&" + RIGHT).body()).contains("to go on");
        assertThat(post("step=RemoveForGood&who=anna&word=remove&" + RIGHT).statusCode())
                .isEqualTo(400);
        assertThat(post("step=Everything&who=anna&" + RIGHT).statusCode()).isEqualTo(400);
        assertThat(decided).isEmpty();
    }

    @Test
    void whatIsRefusedSaysWhy() throws Exception {
        outcome = new Decider.Outcome(false, "1 of 3 shoots blocks");
        HttpResponse<String> answer = post("step=Remove&who=anna&word=remove&" + RIGHT);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("Refused: 1 of 3 shoots blocks");
    }

    @Test
    void thePointOfNoReturnIsOfferedOnlyWhenTheWindowIsOver() throws Exception {
        port.put("port", "Removed");
        port.put("rollbackUntil", Instant.now().plusSeconds(3600).toString());
        assertThat(get().body()).contains("Restore the legacy port").doesNotContain("point of no return");
        port.put("rollbackUntil", Instant.now().minusSeconds(1).toString());
        try (var later = open(Optional.of(decider))) {
            assertThat(get(later).body()).contains("point of no return");
        }
    }

    @Test
    void nothingElseIsTaken() throws Exception {
        assertThat(send("text/plain", "step=Restore&who=anna&" + RIGHT).statusCode())
                .isEqualTo(415);
        assertThat(post("who=" + "a".repeat(5000)).statusCode()).isEqualTo(413);
        assertThat(decided).isEmpty();
    }

    @Test
    void withoutATokenItOnlyShows() throws Exception {
        dashboard.close();
        dashboard = open(Optional.empty());
        assertThat(get().body()).contains("This page only shows").doesNotContain("<form method=\"post\"");
        assertThat(post("step=Remove&who=anna&word=remove&" + RIGHT).statusCode())
                .isEqualTo(405);
        assertThat(decided).isEmpty();
    }

    private HttpResponse<String> get() throws Exception {
        return get(dashboard);
    }

    private HttpResponse<String> get(Dashboard of) throws Exception {
        return http.send(HttpRequest.newBuilder(removal(of)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String form) throws Exception {
        return send("application/x-www-form-urlencoded", form);
    }

    private HttpResponse<String> send(String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(removal(dashboard))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI removal(Dashboard of) {
        return URI.create("http://127.0.0.1:" + of.address().getPort() + "/removal");
    }
}
