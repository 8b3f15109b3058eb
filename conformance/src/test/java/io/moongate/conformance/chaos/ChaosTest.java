package io.moongate.conformance.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.conformance.lab.Admin;
import io.moongate.conformance.lab.GatewayProcess;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.Manifests;
import io.moongate.conformance.lab.Pings;
import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever arrives costs at most itself: random files, requests, frames and records at a process with 500 tunnels. */
class ChaosTest {
    private static final int TUNNELS = 500;
    private static final String VALUE = Plans.apiServer("shoot--test--live");
    private static final long PAUSE_MILLIS = 5;
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private final Duration time = Duration.ofSeconds(Long.getLong("chaos.seconds", 60));
    private final long seed = Long.getLong("chaos.seed", System.nanoTime());
    private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    @Timeout(3 * 3600)
    void whateverArrivesCostsAtMostItself() throws Exception {
        System.out.println("chaos.seed " + seed + ", chaos.seconds " + time.toSeconds());
        int accessLogService = Admin.freePort();
        try (var upstream = Upstream.echo();
                var hanging = SilentPeers.hanging();
                var generous = SilentPeers.generous();
                var gateway = started(upstream, accessLogService);
                var records = new OddRecords(accessLogService);
                var silent = new SilentPeers(gateway::address)) {
            write(gateway, "hanging", hanging);
            write(gateway, "generous", generous);
            var pings = new Pings(tunnels(gateway));
            var files = new OddFiles(gateway.landscape(), folder.resolve("elsewhere"));
            List<Thread> threads = List.of(
                    start("files", files, 50),
                    start("requests", new OddRequests(gateway::address, VALUE), PAUSE_MILLIS),
                    start("frames", new OddFrames(gateway.address(Entrance.UNIFIED), VALUE), PAUSE_MILLIS),
                    start("admin", new OddAdminRequests(gateway.admin().port()), PAUSE_MILLIS),
                    start("records", records, PAUSE_MILLIS),
                    start("silent", silent, PAUSE_MILLIS));
            // What a JVM needs to get warm is no growth.
            Thread.sleep(time.dividedBy(3));
            long before = liveHeap(gateway);
            anEditIsTaken(gateway, upstream, "middle");
            Thread.sleep(time.multipliedBy(2).dividedBy(3));
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(broken).as("nuisances that failed").isEmpty();
            long during = pings.count();
            assertThat(pings.end()).as("tunnels that were cut, or lost bytes").isEmpty();
            anEditIsTaken(gateway, upstream, "end");
            everyThreadIsAlive(gateway);
            long after = liveHeap(gateway);
            assertThat(flagged(gateway, "InternalError")).isZero();
            long unread = flagged(gateway, "Unread");
            System.out.printf(
                    "MEASURED %d tunnels, %d pings, 0 cut; sent %s; heap after GC %d to %d MiB;"
                            + " %d tunnels of peers that do not read ended, %d MiB wait%n",
                    TUNNELS,
                    during,
                    new TreeMap<>(sent),
                    before / MIB,
                    after / MIB,
                    unread,
                    (long) gateway.metric("moongate_backlog_bytes") / MIB);
            assertThat(after).as("heap after GC").isLessThan(before + before / 2 + 32 * MIB);
            files.removeAll();
        }
    }

    private GatewayProcess started(Upstream upstream, int accessLogService) throws IOException {
        // So little that what is not bounded ends it.
        var gateway = new GatewayProcess(folder, 0).withJavaOptions("-Xmx192m");
        Files.writeString(
                gateway.landscape().resolve("moongate.yaml"),
                gateway.configuration(
                                false,
                                "\"127.0.0.1\"",
                                "mode: Optional, trustedCIDRs: [\"127.0.0.0/8\"]",
                                "drain: {grace: 1s}")
                        + "evidence: {accessLogService: {enabled: true, port: " + accessLogService + "}}\n");
        write(gateway, "live", upstream);
        gateway.start();
        return gateway;
    }

    private static void write(GatewayProcess gateway, String shoot, Upstream upstream) throws IOException {
        Files.writeString(
                gateway.landscape().resolve(shoot + ".yaml"),
                Manifests.shoot(shoot, "gw.example.org", false)
                        + Manifests.endpoints(shoot, "kube-apiserver", upstream.port()));
    }

    private static List<Client> tunnels(GatewayProcess gateway) throws IOException {
        var tunnels = new ArrayList<Client>();
        for (int i = 0; i < TUNNELS; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            tunnels.add(Client.tunnel(gateway.address(entrance), entrance, VALUE));
        }
        return tunnels;
    }

    private Thread start(String name, Nuisance nuisance, long pauseMillis) {
        var random = new Random(seed + name.hashCode());
        return Thread.ofPlatform().name("chaos-" + name).start(() -> {
            while (!over) {
                try {
                    nuisance.once(random);
                    Thread.sleep(pauseMillis);
                } catch (IOException answered) {
                    // Closed, reset or silent: all of them are answers.
                } catch (InterruptedException | RuntimeException | Error e) {
                    broken.add(e);
                    return;
                }
                sent.computeIfAbsent(name, n -> new LongAdder()).increment();
            }
        });
    }

    private static void anEditIsTaken(GatewayProcess gateway, Upstream upstream, String shoot) throws IOException {
        write(gateway, shoot, upstream);
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    try (var tunnel = Client.tunnel(
                            gateway.address(Entrance.UNIFIED),
                            Entrance.UNIFIED,
                            Plans.apiServer("shoot--test--" + shoot))) {
                        tunnel.send("up");
                        assertThat(tunnel.read(2)).isEqualTo("up");
                    }
                });
    }

    private static void everyThreadIsAlive(GatewayProcess gateway) throws Exception {
        assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(gateway.admin().sum("moongate_loop_restarts_total"))
                .as("turns that threw: %s", gateway.errors())
                .isZero();
        String threads = jcmd(gateway, "Thread.print");
        assertThat(threads).contains("\"main\"", "\"evidence\"", "\"access-log\"");
    }

    /** How many lines of the access log have this flag; half an hour makes more of them than memory holds. */
    private static long flagged(GatewayProcess gateway, String flag) throws IOException {
        try (Stream<String> lines = Files.lines(gateway.accessLogFile())) {
            return lines.filter(line -> line.contains("\"flag\":\"" + flag + "\""))
                    .count();
        }
    }

    private static long liveHeap(GatewayProcess gateway) throws Exception {
        jcmd(gateway, "GC.run");
        Matcher used = Pattern.compile("used (\\d+)K").matcher(jcmd(gateway, "GC.heap_info"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1)) * 1024;
    }

    private static String jcmd(GatewayProcess gateway, String command) throws Exception {
        Lab.Ended ended = Lab.ended(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(gateway.process().pid()),
                command);
        assertThat(ended.exit()).as(ended.output()).isZero();
        return ended.output();
    }
}
