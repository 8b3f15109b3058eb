package io.moongate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code moongate operator} and {@code moongate gateway} with a real API server between them. */
class GatewayFeedTest {
    private static final String LIVE = "shoot--test--live";

    @TempDir
    Path folder;

    private Cluster cluster;
    private GatewayProcess gateway;
    private OperatorProcess operator;

    @Test
    void theGatewayServesWhatTheOperatorSaysAndGoesOnWithoutIt() throws Exception {
        try (var seed = new Cluster(folder.resolve("seed"));
                var upstream = Upstream.echo(seed.outsideAddress());
                var elsewhere = Upstream.echo(seed.outsideAddress());
                var own = new GatewayProcess(folder, 0);
                var control = new OperatorProcess(folder.resolve("operator"), seed)) {
            cluster = seed;
            gateway = own;
            operator = control;
            var garden = new Garden(seed);
            for (String name : List.of("live", "s1", "s2")) {
                controlPlane("shoot--test--" + name, upstream.port());
                garden.shoot(name);
            }
            operator.configure(configuration("access: []"));
            operator.start();
            gateway.startFrom(seed);
            for (Entrance entrance : Entrance.values()) {
                soon().until(() -> connect(entrance, LIVE).startsWith("HTTP/1.1 200 "));
            }
            assertThat(connect(Entrance.UNIFIED, "shoot--test--nobody")).startsWith("HTTP/1.1 301 ");

            var pings = new Pings(tunnels(100));
            theOperatorsChangesArrive(garden);
            aLostPartOfTheFeedIsHealed();
            operator.kill();
            endpoint("shoot--test--s1", elsewhere.port());
            int before = elsewhere.accepted();
            soon().until(() -> connect(Entrance.UNIFIED, "shoot--test--s1").startsWith("HTTP/1.1 200 ")
                    && elsewhere.accepted() > before);
            assertThat(pings.end()).as("tunnels that broke or lost bytes").isEmpty();

            restartsWithoutItsSources(seed);
        }
    }

    private void theOperatorsChangesArrive(Garden garden) throws Exception {
        operator.configure(configuration("access: [{shoot: garden-test/s1, allow: [\"192.0.2.1\"]}]"));
        soon().until(() -> connect(Entrance.LEGACY, "shoot--test--s1").startsWith("HTTP/1.1 403 "));
        operator.configure(configuration("access: []"));
        soon().until(() -> connect(Entrance.LEGACY, "shoot--test--s1").startsWith("HTTP/1.1 200 "));
        cluster.kubectl("delete", "shoot", "-n", Garden.NAMESPACE, "s2");
        soon().until(() -> connect(Entrance.UNIFIED, "shoot--test--s2").startsWith("HTTP/1.1 301 "));
        garden.shoot("s3");
        soon().until(() -> gateway.config().contains("shoot--test--s3"));
    }

    /** Somebody deletes it all: nothing is cut off, and the operator writes it again. */
    private void aLostPartOfTheFeedIsHealed() throws Exception {
        cluster.kubectl("delete", "configmaps", "-n", "default", "-l", "moongate.io/feed=seed-1");
        soon().until(() ->
                cluster.kubectl("get", "configmaps", "-n", "default", "-l", "moongate.io/feed=seed-1", "-o", "name")
                                .lines()
                                .count()
                        == 17);
        soon().until(() -> !gateway.config().contains("SourceAway"));
        assertThat(connect(Entrance.UNIFIED, LIVE)).startsWith("HTTP/1.1 200 ");
    }

    private void restartsWithoutItsSources(Cluster seed) throws Exception {
        gateway.process().destroyForcibly().waitFor();
        gateway.startFrom(seed);
        soon().until(() -> connect(Entrance.UNIFIED, LIVE).startsWith("HTTP/1.1 200 "));
        gateway.process().destroyForcibly().waitFor();
        seed.stop("kube-apiserver");
        gateway.startFrom(seed);
        soon().until(() -> connect(Entrance.UNIFIED, LIVE).startsWith("HTTP/1.1 200 "));
        assertThat(gateway.config()).contains("SourceAway");
    }

    private String configuration(String access) {
        return "target: Gateway\nownership: {seed: Manage}\ngateway: {" + gateway.listeners() + ", " + access + "}\n";
    }

    private void controlPlane(String technicalId, int port) throws IOException {
        cluster.kubectl("create", "namespace", technicalId);
        endpoint(technicalId, port);
    }

    private void endpoint(String technicalId, int port) throws IOException {
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %1$s}
                spec: {ports: [{name: kube-apiserver, port: 443}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: kube-apiserver-1, namespace: %1$s, labels: {kubernetes.io/service-name: kube-apiserver}}
                addressType: IPv4
                ports: [{name: kube-apiserver, port: %2$d}]
                endpoints: [{addresses: ["%3$s"]}]
                """.formatted(technicalId, port, cluster.outside()));
    }

    private String connect(Entrance entrance, String technicalId) throws IOException {
        try (var client = new Client(gateway.address(entrance))) {
            return client.send(Client.connect(entrance, Plans.apiServer(technicalId)))
                    .readHead();
        }
    }

    private List<Client> tunnels(int count) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < count; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            var client = new Client(gateway.address(entrance));
            client.send(Client.connect(entrance, Plans.apiServer(LIVE)));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            clients.add(client);
        }
        return clients;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
