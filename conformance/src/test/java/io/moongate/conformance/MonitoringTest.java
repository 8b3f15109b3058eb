package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped for Prometheus and Grafana speaks of metrics that there are, and each alert is tested and explained. */
class MonitoringTest {
    private static final Path SHIPPED = Path.of("..", "deploy", "monitoring");

    @Test
    void prometheusTakesTheAlertsAndTheyFireWhenTheyShould() throws Exception {
        Lab.Ended check = Lab.ended("promtool", "check", "rules", file("alerts.yaml"));
        assertThat(check.exit()).as(check.output()).isZero();
        Lab.Ended test = Lab.ended("promtool", "test", "rules", file("alerts.test.yaml"));
        assertThat(test.exit()).as(test.output()).isZero();
    }

    @Test
    void eachAlertHasATestAndAPage() throws IOException {
        String alerts = read("alerts.yaml");
        Set<String> named = found("alert: (\\w+)", alerts);
        assertThat(named).hasSizeGreaterThan(2);
        assertThat(found("alertname: (\\w+)", read("alerts.test.yaml"))).isEqualTo(named);
        for (String page : found("runbook_url: (\\S+)", alerts)) {
            assertThat(Path.of("..").resolve(page)).exists();
        }
    }

    @Test
    void allThatIsAskedForIsExposed(@TempDir Path folder) throws Exception {
        String exposed;
        try (var gateway = new GatewayProcess(folder, 0)) {
            gateway.configure("");
            gateway.start();
            exposed = gateway.get("/metrics").body();
        }
        Set<String> asked = found("(moongate_[a-z_]+)", read("alerts.yaml") + read("grafana-adoption.json"));
        assertThat(found("# TYPE (moongate_[a-z_]+)", exposed)).containsAll(asked);
    }

    private static Set<String> found(String pattern, String text) {
        var found = new TreeSet<String>();
        var matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String file(String name) {
        return SHIPPED.resolve(name).toString();
    }

    private static String read(String name) throws IOException {
        return Files.readString(SHIPPED.resolve(name));
    }
}
