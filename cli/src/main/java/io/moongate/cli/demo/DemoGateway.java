package io.moongate.cli.demo;

import io.moongate.cli.run.AdoptionDesk;
import io.moongate.cli.run.RunInput;
import io.moongate.cli.run.RunLoop;
import io.moongate.cli.run.Watchdog;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.AccessLog;
import io.moongate.dataplane.record.GatewayMetrics;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.destination.Entrance;
import io.moongate.model.feature.FeatureGates;
import io.moongate.model.plan.Plan;
import io.moongate.plan.Continuity;
import io.moongate.plan.Planner;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@code moongate run} within this process. */
final class DemoGateway implements AutoCloseable {
    private static final int START_SECONDS = 30;

    private final Watchdog watchdog = new Watchdog();
    private final AccessLog log = new AccessLog(OutputStream.nullOutputStream(), watchdog);
    private final AdoptionDesk adoption;
    private final RunLoop loop;
    private final CompletableFuture<Where> started = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Where it listens. */
    record Where(
            Map<Entrance, InetSocketAddress> entrances,
            InetSocketAddress admin,
            Optional<InetSocketAddress> dashboard) {}

    DemoGateway(Path landscape, Path state) throws IOException {
        adoption = AdoptionDesk.open(state.resolve("evidence.db"), watchdog);
        loop = new RunLoop(
                new RunLoop.Settings(
                        new Input(landscape),
                        state,
                        Optional.empty(),
                        new Planner.Inputs(FeatureGates.NONE, Optional.empty()),
                        Continuity.MassRemoval.HELD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(adoption),
                        watchdog),
                new Recorder(new GatewayMetrics(), log, adoption.observer()),
                new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Thread.ofPlatform().name("demo-gateway").daemon().start(this::run);
    }

    private void run() {
        try {
            loop.run();
        } catch (InterruptedException | RuntimeException e) {
            started.completeExceptionally(e);
        } finally {
            ended.complete(null);
        }
    }

    Where where() throws InterruptedException, IOException {
        try {
            return started.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the gateway of the demo does not start: " + e.getMessage(), e);
        }
    }

    private final class Input implements RunInput {
        private final Path landscape;

        private Input(Path landscape) {
            this.landscape = landscape;
        }

        @Override
        public ManifestSource open(Map<String, List<Manifest>> held) {
            return new FolderSource(landscape, held);
        }

        @Override
        public void greet(PrintWriter out, Plan plan, Gateway gateway, RunLoop.Doors doors) {
            var entrances = new EnumMap<Entrance, InetSocketAddress>(Entrance.class);
            for (Entrance entrance : Entrance.values()) {
                gateway.bound(entrance).forEach(address -> entrances.put(entrance, address));
            }
            started.complete(new Where(entrances, doors.admin().orElseThrow(), doors.dashboard()));
        }
    }

    @Override
    public void close() throws IOException {
        loop.stop();
        ended.completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        adoption.close();
        log.close();
    }
}
