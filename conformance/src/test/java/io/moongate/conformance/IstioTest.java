package io.moongate.conformance;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plan's objects for Istio, applied to a real API server, served by real istiod to a real Envoy: who is let in, and
 * that what varies touches no tunnel.
 */
class IstioTest {
    private static final int TUNNELS = 300;
    private static final int SHOOTS = 20;
    private static final int MANY = 300;
    private static final String LIVE = "shoot--test--live";

    @TempDir
    Path folder;

    private Path landscape;

    @Test
    void shootsAndAccessListsComeAndGoUnderLiveTunnels() throws Exception {
        landscape = Files.createDirectories(folder.resolve("landscape"));
        try (var cluster = new Cluster(folder.resolve("seed"));
                var upstream = Upstream.echo(cluster.outsideAddress())) {
            var seed = new IstioSeed(cluster);
            seed.controlPlane(LIVE, upstream.port());
            for (int i = 0; i < SHOOTS; i++) {
                seed.controlPlane("shoot--test--s" + i, 0);
            }
            Files.writeString(landscape.resolve("ingress.yaml"), IstioSeed.ingressService());
            bring(cluster, "access: []", 0);
            for (Entrance entrance : Entrance.values()) {
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> seed.connect(entrance, LIVE).startsWith("HTTP/1.1 200 "));
                assertThat(seed.connect(entrance, "shoot--test--s0"))
                        .as("not in the plan")
                        .startsWith("HTTP/1.1 301 ");
                assertThat(seed.connectTo(entrance, "outbound|443||kubernetes.default.svc.cluster.local"))
                        .as("a Service that is no shoot's")
                        .startsWith("HTTP/1.1 301 ");
            }
            String listeners = seed.listeners();
            assertThat(listeners).contains("\"port_value\": 8443", "\"port_value\": 8132", "accept_http_10");
            var pings = new Pings(seed.tunnels(TUNNELS, LIVE));
            for (int i = 1; i <= SHOOTS; i++) {
                bring(cluster, "access: [{shoot: garden-test/s0, allow: [\"192.0.2." + i + "/32\"]}]", i);
                String newest = "shoot--test--s" + (i - 1);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> seed.connect(Entrance.UNIFIED, newest)
                                .startsWith("HTTP/1.1 " + (newest.endsWith("s0") ? "403" : "503")));
            }
            bring(cluster, "access: []", 0);
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            seed.connect(Entrance.LEGACY, "shoot--test--s3").startsWith("HTTP/1.1 301 "));
            routesAreSpreadOverFilters(cluster, seed);
            long during = pings.count();
            assertThat(pings.end()).as("tunnels that broke or lost bytes").isEmpty();
            assertThat(seed.listeners()).as("the listeners' configuration").isEqualTo(listeners);
            System.out.println("MEASURED Istio: " + TUNNELS + " tunnels, " + SHOOTS
                    + " shoots and access lists came and went, " + during + " pings: 0 resets");
        }
    }

    /** Thousands of shoots fit, and one that comes costs the same with hundreds of others as with none. */
    private void routesAreSpreadOverFilters(Cluster cluster, IstioSeed seed) throws IOException {
        cluster.apply(IntStream.rangeClosed(SHOOTS, MANY)
                .mapToObj("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shoot--test--s%d}\n"::formatted)
                .collect(joining()));
        bring(cluster, "access: [{shoot: garden-test/s3, allow: []}]", MANY);
        Map<String, String> before = shares(cluster);
        assertThat(before).hasSizeGreaterThan(8);
        for (Entrance entrance : Entrance.values()) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> seed.connect(entrance, "shoot--test--s" + (MANY - 1))
                            .startsWith("HTTP/1.1 503 "));
            for (int i = 0; i < MANY; i++) {
                assertThat(seed.connect(entrance, "shoot--test--s" + i))
                        .as("shoot " + i + " of " + MANY)
                        .startsWith(i == 3 ? "HTTP/1.1 403 " : "HTTP/1.1 503 ");
            }
            assertThat(seed.connect(entrance, LIVE)).startsWith("HTTP/1.1 200 ");
            assertThat(seed.connect(entrance, "shoot--test--s" + MANY)).startsWith("HTTP/1.1 301 ");
            assertThat(seed.get(entrance, LIVE)).as("no CONNECT").startsWith("HTTP/1.1 301 ");
        }
        bring(cluster, "access: [{shoot: garden-test/s3, allow: []}]", MANY + 1);
        Map<String, String> after = shares(cluster);
        assertThat(after.keySet()).as("no share parted by the one more").isEqualTo(before.keySet());
        assertThat(after.keySet())
                .filteredOn(name -> !before.get(name).equals(after.get(name)))
                .as("written for one shoot: a filter for each port")
                .hasSize(2);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        seed.connect(Entrance.UNIFIED, "shoot--test--s" + MANY).startsWith("HTTP/1.1 503 "));
    }

    /** Names and versions of the filters with routes. */
    private static Map<String, String> shares(Cluster cluster) throws IOException {
        return cluster.kubectl(
                        "get",
                        "envoyfilters",
                        "-n",
                        IstioSeed.INGRESS,
                        "-l",
                        "moongate.io/routes-of",
                        "-o",
                        "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{'\\n'}{end}")
                .lines()
                .map(line -> line.split(" "))
                .collect(toMap(parts -> parts[0], parts -> parts[1]));
    }

    /** The live shoot and so many others become the plan, and the plan's objects the seed's. */
    private void bring(Cluster cluster, String gateway, int others) throws IOException {
        var manifests = new StringBuilder(Manifests.configuration(false, "target: Istio\ngateway: {" + gateway + "}"));
        manifests.append("---\n").append(Manifests.shoot("live", "gw.example.org", false));
        for (int i = 0; i < others; i++) {
            manifests.append(Manifests.shoot("s" + i, "gw.example.org", false));
        }
        Files.writeString(landscape.resolve("all.yaml"), manifests);
        String objects = Lab.run(System.getProperty("launcher"), "plan", landscape.toString(), "--objects");
        cluster.apply(objects);
        for (String share : shares(cluster).keySet()) {
            if (!objects.contains("name: " + share + "\n")) {
                cluster.kubectl("delete", "envoyfilter", "-n", IstioSeed.INGRESS, share);
            }
        }
    }
}
