package io.moongate.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.moongate.model.config.Ownership;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Problem;
import io.moongate.operator.testing.StubApiServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each shoot's DestinationRule is its owner's, as gardenlet's: never written, and a problem only by what it does. */
class OthersRulesTest {
    private volatile String policy = "";
    private final ConcurrentLinkedQueue<String> writes = new ConcurrentLinkedQueue<>();
    private StubApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = new StubApiServer();
        server.on("/", this::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            writes.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        }
        String path = exchange.getRequestURI().getPath();
        boolean one = path.endsWith("/vpn-seed-server");
        String namespace = path.replaceAll(".*/namespaces/([^/]*)/.*", "$1");
        String body = one ? """
                {"apiVersion": "networking.istio.io/v1beta1", "kind": "DestinationRule",
                 "metadata": {"name": "vpn-seed-server", "namespace": "%1$s",
                   "annotations": {"resources.gardener.cloud/origin": "seed-1:%1$s/vpn"}},
                 "spec": {"host": "%2$s", "exportTo": ["*"], "trafficPolicy": {%3$s}}}
                """.formatted(namespace, host(namespace), policy) : "{}";
        StubApiServer.say(exchange, one ? 200 : 404, body);
    }

    @Test
    void oneThatDoesWhatIsNeededIsNoProblem() {
        policy = "\"tls\": {\"mode\": \"DISABLE\"}, \"outlierDetection\": {}";
        Applier applier = applied(1);
        assertThat(applier.problems()).isEmpty();
        assertThat(applier.advice()).isEmpty();
    }

    @Test
    void oneThatKeepsTunnelsFromTheServerIsAProblem() {
        policy = "\"tls\": {\"mode\": \"ISTIO_MUTUAL\"}";
        assertThat(applied(1).problems())
                .singleElement()
                .matches(problem -> problem.code() == Problem.Code.OWNED_BY_ANOTHER
                        && problem.message().contains("belongs to 'seed-1:shoot--foo--0/vpn'")
                        && problem.message().contains("speak TLS ('ISTIO_MUTUAL')"));
    }

    @Test
    void ofManyThatAreWeakerSomeAreListed() {
        policy = "\"connectionPool\": {\"tcp\": {\"maxConnections\": 100}}";
        Applier applier = applied(30);
        assertThat(applier.problems()).isEmpty();
        assertThat(applier.advice()).hasSize(21);
        assertThat(applier.advice().getLast().message()).startsWith("10 more ");
    }

    private Applier applied(int shoots) {
        try (Live live = new Live(server.client())) {
            var applier =
                    new Applier(server.client(), live, Ownership.Mode.Manage, new Contested(), (kind, verb) -> {});
            applier.apply(IntStream.range(0, shoots)
                    .mapToObj(i -> planned("shoot--foo--" + i))
                    .toList());
            assertThat(writes).as("to another's").isEmpty();
            return applier;
        }
    }

    private static ClusterObject planned(String namespace) {
        Map<String, Object> spec = Map.of(
                "host",
                host(namespace),
                "trafficPolicy",
                Map.of(
                        "connectionPool",
                        Map.of("tcp", Map.of("maxConnections", 5000)),
                        "tls",
                        Map.of("mode", "DISABLE")));
        return new ClusterObject(
                "networking.istio.io/v1beta1", "DestinationRule", namespace, "vpn-seed-server", Map.of("spec", spec));
    }

    private static String host(String namespace) {
        return "vpn-seed-server." + namespace + ".svc.cluster.local";
    }
}
