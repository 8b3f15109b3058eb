package io.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.dataplane.admin.AdminServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the admin endpoint listens for a cluster, strangers see health and metrics and nothing else. */
class AdminPagesTest {
    private final List<String> confirmed = new ArrayList<>();
    private Optional<String> hanging = Optional.empty();
    private final AdminPages pages = new AdminPages(
            new AdminPages.Local(
                    Map.of("/config", () -> Map.of("secret", "plan")),
                    Map.of("/days/", rest -> rest.equals("a/b") ? Optional.of(Map.of("of", rest)) : Optional.empty()),
                    Map.of("/legacy-port/remove", body -> {
                        confirmed.add("removed by " + body.get("who"));
                        return AdminServer.Response.text(200, "Removed");
                    })),
            new PrometheusRegistry(),
            new AdminPages.Health() {
                @Override
                public Optional<String> notLive() {
                    return hanging;
                }

                @Override
                public boolean ready() {
                    return true;
                }
            },
            confirmed::add);

    @Test
    void strangersSeeHealthAndMetrics() {
        for (String path : List.of("/livez", "/readyz", "/metrics")) {
            assertThat(status("GET", path, false)).as(path).isEqualTo(200);
        }
    }

    @Test
    void aLoopThatHangsFailsTheLivenessProbe() {
        hanging = Optional.of("loop 'main' has not turned for 121 s");
        assertThat(status("GET", "/livez", false)).isEqualTo(503);
        assertThat(status("GET", "/readyz", false)).isEqualTo(200);
    }

    @Test
    void strangersSeeNoPlanAndConfirmNothing() {
        assertThat(status("GET", "/config", false)).isEqualTo(403);
        assertThat(status("POST", "/confirm/x", false)).isEqualTo(403);
        assertThat(status("GET", "/days/a/b", false)).isEqualTo(403);
        assertThat(confirmed).isEmpty();
    }

    @Test
    void theMachineItselfDoes() {
        assertThat(status("GET", "/config", true)).isEqualTo(200);
        assertThat(status("GET", "/days/a/b", true)).isEqualTo(200);
        assertThat(pages.answer(new AdminServer.Request("GET", "/days/a/c", "", "", true)))
                .isEmpty();
        assertThat(status("POST", "/confirm/x", true)).isEqualTo(200);
        assertThat(confirmed).containsExactly("x");
    }

    @Test
    void actionsAreForThisMachineAndForNoPageInItsBrowser() {
        assertThat(act("application/json", "{\"who\":\"anna\"}", false)).isEqualTo(403);
        assertThat(act("text/plain", "{\"who\":\"anna\"}", true)).isEqualTo(415);
        assertThat(act("application/json", "{\"who\":", true)).isEqualTo(400);
        assertThat(status("GET", "/legacy-port/remove", true)).isEqualTo(405);
        assertThat(confirmed).isEmpty();
        assertThat(act("application/json", "{\"who\":\"anna\"}", true)).isEqualTo(200);
        assertThat(confirmed).containsExactly("removed by anna");
    }

    private int act(String type, String body, boolean local) {
        return pages.answer(new AdminServer.Request("POST", "/legacy-port/remove", type, body, local))
                .orElseThrow()
                .status();
    }

    private int status(String method, String path, boolean local) {
        return pages.answer(new AdminServer.Request(method, path, "", "", local))
                .orElseThrow()
                .status();
    }
}
