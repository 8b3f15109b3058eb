package io.moongate.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.ManifestSource.Look;
import io.moongate.manifest.ManifestSource.Snapshot;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.plan.Plan;
import io.moongate.plan.Continuity;
import io.moongate.plan.Planner;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop, fed by a source that misbehaves. */
class RunLoopTest {
    @TempDir
    Path state;

    private final AtomicLong skippedNanos = new AtomicLong();
    private final Watchdog watchdog = new Watchdog(() -> System.nanoTime() + skippedNanos.get());
    private final AccessLog log = new AccessLog(OutputStream.nullOutputStream(), watchdog);
    private final AtomicInteger port = new AtomicInteger();
    private final CompletableFuture<RunLoop.Doors> doors = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private Optional<RunLoop> loop = Optional.empty();
    private volatile Gateway gateway;

    @AfterEach
    void end() throws Exception {
        loop.ifPresent(RunLoop::stop);
        exit.get(20, TimeUnit.SECONDS);
        log.close();
    }

    @Test
    void aTurnThatThrowsIsToldAndTheNextEditIsTaken() throws Exception {
        var next = new CompletableFuture<Look>();
        var throwing = new AtomicInteger(2);
        start(source(look("a"), now -> {
            if (throwing.getAndDecrement() > 0) {
                throw new StackOverflowError();
            }
            return next.getNow(new Look(look("a").snapshot(), false, true));
        }));
        await().untilAsserted(() -> assertThat(get("/config").body()).contains("LoopFailed", "StackOverflowError"));
        assertThat(get("/metrics").body()).contains("moongate_loop_restarts_total{loop=\"main\"} 2.0");
        assertThat(get("/livez").statusCode()).as("it goes on").isEqualTo(200);
        next.complete(look("a", "b"));
        await().untilAsserted(() -> assertThat(get("/config").body()).contains("shoot--test--b"));
    }

    @Test
    void aTurnThatHangsMakesTheProcessNotLive() throws Exception {
        var hangs = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        start(source(look("a"), now -> {
            hangs.countDown();
            awaitUninterruptibly(goOn);
            return new Look(look("a").snapshot(), false, true);
        }));
        assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        skippedNanos.set(RunLoop.LONGEST_TURN.toNanos());
        // The clock has skipped for all loops, and the others turn again.
        await().untilAsserted(
                        () -> assertThat(get("/livez").body()).startsWith("not live: loop 'main' has not turned"));
        goOn.countDown();
        await().untilAsserted(() -> assertThat(get("/livez").statusCode()).isEqualTo(200));
    }

    @Test
    void memoryThatIsGoneAgainAndAgainEndsTheProcessInOrder() throws Exception {
        start(source(look("a"), now -> {
            throw new OutOfMemoryError();
        }));
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void anAdminPortThatIsTakenIsTriedAgain() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port.set(other.getLocalPort());
            start(source(look("a"), now -> new Look(look("a").snapshot(), false, true)));
            assertThat(doors.get().admin()).as("taken by another").isEmpty();
            assertThat(gateway.allListenersOpen()).as("the tunnels are served").isTrue();
        }
        await().atMost(30, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> get(port.get(), "/readyz").statusCode() == 200);
    }

    @Test
    void aLastGoodThatCannotBeReadIsAProblem() throws Exception {
        Files.createDirectory(state.resolve("last-good.jsonl"));
        start(source(look("a"), now -> new Look(look("a").snapshot(), false, true)));
        assertThat(get("/config").body()).contains("the last good input in " + state + " cannot be read");
    }

    private interface Later {
        Look look(Instant now);
    }

    private static ManifestSource source(Look first, Later later) {
        var looks = new AtomicInteger();
        return now -> looks.getAndIncrement() == 0 ? first : later.look(now);
    }

    private Look look(String... shoots) {
        String admin = "{address: 127.0.0.1, port: " + port.get() + "}";
        String listener = "{port: 0, addresses: [127.0.0.1]}";
        var text = new StringBuilder("""
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                admin: %s
                gateway: {listeners: {unified: %s, legacy: %s}, drain: {grace: 0s}}
                """.formatted(admin, listener, listener));
        for (String shoot : shoots) {
            text.append("""
                    ---
                    apiVersion: core.gardener.cloud/v1beta1
                    kind: Shoot
                    metadata: {name: %1$s, namespace: garden-test}
                    spec: {provider: {workers: [{name: w}]}}
                    status: {technicalID: shoot--test--%1$s}
                    """.formatted(shoot));
        }
        var contents = ManifestReader.read("test.yaml", text.toString());
        assertThat(contents.failures()).isEmpty();
        var objects = Map.of("test.yaml", contents.good());
        return new Look(new Snapshot(LastGood.landscape(objects), objects, List.of()), true, true);
    }

    private void start(ManifestSource source) throws Exception {
        var input = new RunInput() {
            @Override
            public ManifestSource open(Map<String, List<Manifest>> held) {
                return source;
            }

            @Override
            public void greet(PrintWriter out, Plan plan, Gateway running, RunLoop.Doors opened) {
                gateway = running;
                doors.complete(opened);
            }
        };
        var settings = new RunLoop.Settings(
                input,
                state,
                Optional.empty(),
                new Planner.Inputs(FeatureGates.NONE, Optional.empty()),
                Continuity.MassRemoval.HELD,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                watchdog);
        var people = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var created = new RunLoop(settings, new Recorder(new GatewayMetrics(), log), people);
        loop = Optional.of(created);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                exit.complete(created.run());
            } catch (InterruptedException | RuntimeException e) {
                exit.completeExceptionally(e);
                doors.completeExceptionally(e);
            }
        });
        doors.get(20, TimeUnit.SECONDS);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        InetSocketAddress admin = doors.join().admin().orElseThrow();
        return get(admin.getPort(), path);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
