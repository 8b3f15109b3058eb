package io.moongate.cli.run;

import io.moongate.cli.UserError;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.Recorder;
import io.moongate.dataplane.transport.Epoll;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.file.OutputFolder;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.config.AdminSettings;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import io.moongate.plan.Continuity;
import io.moongate.plan.Planner;
import io.moongate.plan.translate.ShootFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of {@code moongate run}, {@code gateway} and {@code witness}, on one thread: look at the source → what of it is taken ({@link Continuity}) → plan
 * → gateway, shoot files, last good → look again.
 */
public final class RunLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);
    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    /** Looking takes at most one part in this many of a processor. */
    private static final long PAUSE_PER_LOOK = 20;
    /** To read, plan and apply the largest input takes seconds: this is a thread that hangs. */
    static final Duration LONGEST_TURN = Duration.ofMinutes(2);
    /** A listener that could not be opened is tried again so often. */
    private static final Duration RETRY_LISTENER = Duration.ofSeconds(10);

    private final Settings settings;
    private final Recorder recorder;
    private final PrintWriter people;
    private final KeptInput kept;
    private final ManifestSource source;
    private final MoongateConfiguration defaults = ConfigurationReader.defaults();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private Continuity.State continuity;
    private Optional<Instant> recheckAt = Optional.empty();
    private Set<Problem> reported = Set.of();
    private volatile @Nullable Status status;
    private volatile boolean stopping;
    private long generation;
    private List<Problem> ambient = List.of();
    private volatile boolean failed;
    private boolean planAnew;

    /**
     * @param state the folder for the last good input
     * @param output where the shoots' files go, if anywhere
     * @param admin instead of what the configuration says
     * @param dashboardToken the file with the token of whoever may decide in the dashboard
     * @param adoption what is made of the tunnels that the recorder sees, where that is kept
     * @param watchdog of all loops of this process
     */
    public record Settings(
            RunInput input,
            Path state,
            Optional<Path> output,
            Planner.Inputs inputs,
            Continuity.MassRemoval massRemoval,
            Optional<AdminSettings> admin,
            Optional<AdminSettings> share,
            Optional<Path> dashboardToken,
            Optional<AdoptionDesk> adoption,
            Watchdog watchdog) {}

    /** Where people and probes connect; empty where that is not wanted, or cannot be opened now. */
    public record Doors(
            Optional<InetSocketAddress> admin,
            Optional<InetSocketAddress> dashboard,
            Optional<InetSocketAddress> share,
            Optional<InetSocketAddress> accessLog) {}

    /** What others ask of the loop's thread. */
    private sealed interface Request {
        record Stop() implements Request {}

        record Confirm(String id) implements Request {}

        /** Something else than the source has changed. */
        record PlanAnew() implements Request {}
    }

    public RunLoop(Settings settings, Recorder recorder, PrintWriter people) {
        this.settings = settings;
        this.recorder = recorder;
        this.people = people;
        this.kept = KeptInput.open(settings.state());
        this.continuity = Continuity.State.restored(LastGood.landscape(kept.held()));
        this.source = settings.input().open(kept.held());
        onDecision(() -> {});
        settings.watchdog().endWith(() -> {
            failed = true;
            stop();
        });
    }

    /** @param also what is to be done after a decision about the legacy port, beside planning anew; before {@link #run} */
    public void onDecision(Runnable also) {
        settings.adoption()
                .ifPresent(desk -> desk.onDecision(() -> {
                    requests.add(new Request.PlanAnew());
                    also.run();
                }));
    }

    /**
     * Returns after {@link #stop}, when all tunnels have been drained.
     *
     * @return the exit code: 0, or 1 where the watchdog ended the process
     */
    public int run() throws InterruptedException {
        ManifestSource.Look first = settle();
        if (stopping) {
            return exitCode();
        }
        Step start = step(first, Optional.empty());
        StartChecks.refuseBadInput(first, kept, continuity.inForce());
        Epoll.unavailable().ifPresent(why -> {
            throw new UserError("the native epoll library cannot be loaded (" + why + "), on this machine, run Moongate"
                    + " on Linux, and give the library's folder with -Djava.library.path");
        });
        Gateway gateway = StartChecks.start(served(start.plan()), new Gateway.Options(recorder, Optional.empty()));
        gateway.watch(settings.watchdog());
        try (var endpoints = ProcessEndpoints.of(settings, recorder, start.plan(), new Inside(gateway))) {
            endpoints.open(Instant.now());
            putInForce(start, gateway, endpoints);
            StartChecks.refuseIfNothingListens(gateway, reported);
            settings.input().greet(people, start.plan(), gateway, endpoints.doors());
            follow(gateway, endpoints);
            gateway.drain().join();
        } finally {
            gateway.shutdown();
        }
        return exitCode();
    }

    private int exitCode() {
        return failed ? 1 : 0;
    }

    /** From any thread. */
    public void stop() {
        stopping = true;
        requests.add(new Request.Stop());
    }

    private ManifestSource.Look settle() throws InterruptedException {
        Supervisor.Loop loop = settings.watchdog().begin("start", LONGEST_TURN, WhenStuck.NOT_LIVE);
        Optional<ManifestSource.Look> look = Optional.empty();
        while (look.filter(ManifestSource.Look::settled).isEmpty() && !stopping) {
            if (look.isPresent()) {
                TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE_MILLIS);
            }
            try {
                look = Optional.of(source.look(Instant.now()));
            } catch (RuntimeException | Error e) {
                loop.failed(e);
                TimeUnit.MILLISECONDS.sleep(LONGEST_PAUSE_MILLIS);
            }
            loop.turned();
        }
        loop.ended();
        return look.orElseGet(() -> new ManifestSource.Look(
                new ManifestSource.Snapshot(Landscape.EMPTY, Map.of(), List.of()), false, false));
    }

    private void follow(Gateway gateway, Endpoints endpoints) throws InterruptedException {
        Supervisor.Loop loop = settings.watchdog().begin("main", LONGEST_TURN, WhenStuck.NOT_LIVE);
        long pause = SHORTEST_PAUSE_MILLIS;
        while (!stopping) {
            Request request = requests.poll(pause, TimeUnit.MILLISECONDS);
            if (request instanceof Request.Stop) {
                break;
            }
            loop.turned();
            try {
                pause = turn(request, gateway, endpoints);
            } catch (RuntimeException | Error e) {
                loop.failed(e);
                // What the source has told once it does not tell again.
                planAnew = true;
                if (request instanceof Request.Confirm) {
                    requests.add(request);
                }
                pause = LONGEST_PAUSE_MILLIS;
            }
            loop.turned();
        }
        loop.ended();
    }

    /** Gives the time until the next turn in milliseconds. */
    private long turn(@Nullable Request request, Gateway gateway, Endpoints endpoints) {
        long before = System.nanoTime();
        ManifestSource.Look look = source.look(Instant.now());
        long tookMillis = (System.nanoTime() - before) / 1_000_000;
        boolean due = recheckAt.filter(at -> !Instant.now().isBefore(at)).isPresent();
        Optional<String> confirmed = request instanceof Request.Confirm(String id) ? Optional.of(id) : Optional.empty();
        endpoints.retryIfDue(Instant.now());
        planAnew |= look.changed()
                || due
                || confirmed.isPresent()
                || request instanceof Request.PlanAnew
                || !ambient(endpoints).equals(ambient);
        if (planAnew) {
            putInForce(step(look, confirmed), gateway, endpoints);
            planAnew = false;
        }
        settings.adoption().ifPresent(desk -> desk.tick(Instant.now()));
        kept.writeIfDue(continuity.inForce(), Instant.now());
        return Math.clamp(tookMillis * PAUSE_PER_LOOK, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    }

    /** Problems of the process itself, which appear and go without a change of the input. */
    private List<Problem> ambient(Endpoints endpoints) {
        var problems = new ArrayList<>(kept.problems());
        problems.addAll(endpoints.problems());
        problems.addAll(settings.watchdog().problems());
        recorder.logFailure()
                .ifPresent(why -> problems.add(Problem.general(
                        Problem.Code.OUTPUT_FAILED,
                        "the access log cannot be written (" + why + "); its lines are dropped and counted",
                        "make it writable, or give another file with --access-log")));
        return problems;
    }

    /** What one look leads to. */
    private record Step(Plan plan, List<Problem> problems, Optional<String> held) {}

    private Step step(ManifestSource.Look look, Optional<String> confirmation) {
        kept.remember(look.snapshot().objects());
        var result = Continuity.step(
                continuity, look.snapshot().landscape(), Instant.now(), confirmation, settings.massRemoval());
        continuity = result.state();
        recheckAt = result.recheckAt();
        GatewaySettings own =
                continuity.inForce().configuration().orElse(defaults).gateway();
        LegacyPort legacyPort = settings.adoption()
                .map(AdoptionDesk::legacyPort)
                .orElseGet(() -> settings.input()
                        .legacyPort(own.listeners().of(Entrance.LEGACY).port()));
        Plan plan =
                Planner.plan(continuity.inForce(), defaults, settings.inputs().with(legacyPort));
        var problems = new ArrayList<>(look.snapshot().problems());
        problems.addAll(result.problems());
        problems.addAll(plan.problems());
        return new Step(plan, problems, result.held());
    }

    private void putInForce(Step step, Gateway gateway, Endpoints endpoints) {
        var found = new ArrayList<>(step.problems());
        List<Problem> closedListeners = gateway.apply(served(step.plan()));
        found.addAll(closedListeners);
        if (!closedListeners.isEmpty()) {
            Instant again = Instant.now().plus(RETRY_LISTENER);
            recheckAt = recheckAt.filter(at -> at.isBefore(again)).or(() -> Optional.of(again));
        }
        ambient = ambient(endpoints);
        found.addAll(ambient);
        found.addAll(writeFiles(step.plan()));
        settings.adoption().ifPresent(desk -> found.addAll(desk.problems()));
        List<Problem> problems = BoundedProblems.inAll(found);
        recorder.metrics().problems(BoundedProblems.count(problems));
        var now = Status.of(
                ++generation,
                step.plan(),
                continuity.inForce(),
                settings.inputs().seed(),
                problems,
                step.held());
        status = now;
        settings.adoption().ifPresent(desk -> desk.inForce(now));
        settings.input().inForce(step.plan());
        report(problems);
        LOG.info(
                "in force: {} shoots, {} header values, generation {}",
                step.plan().shoots().size(),
                step.plan().gateway().routes().size(),
                generation);
    }

    private GatewayPlan served(Plan plan) {
        GatewayPlan gateway = plan.gateway();
        GatewaySettings all = gateway.settings();
        return settings.input().serves()
                ? gateway
                : new GatewayPlan(
                        all.withListeners(all.listeners().closed()),
                        gateway.routes(),
                        gateway.access(),
                        gateway.closing());
    }

    private List<Problem> writeFiles(Plan plan) {
        kept.changed();
        kept.writeIfDue(continuity.inForce(), Instant.now());
        var problems = new ArrayList<>(kept.problems());
        problems.removeAll(ambient);
        settings.output().ifPresent(folder -> {
            try {
                new OutputFolder(folder).write(ShootFiles.of(plan)).forEach(d -> LOG.info("wrote {}", d.path()));
            } catch (IOException e) {
                problems.add(Problem.general(
                        Problem.Code.OUTPUT_FAILED,
                        "the shoots' files cannot be written to " + folder + " (" + e.getMessage() + ")",
                        "make it writable"));
            }
        });
        return problems;
    }

    /** Says what is new; what was said before is not said again at every edit. */
    private void report(List<Problem> problems) {
        Set<Problem> now = new LinkedHashSet<>(problems);
        now.stream().filter(p -> !reported.contains(p)).forEach(p -> LOG.warn("{}", p));
        reported.stream().filter(p -> !now.contains(p)).forEach(p -> LOG.info("resolved: {}", p.message()));
        reported = now;
    }

    /** What the admin endpoint's thread sees of the loop; nothing here waits for the loop's thread. */
    private final class Inside implements ProcessEndpoints.Inside {
        private final Gateway gateway;

        private Inside(Gateway gateway) {
            this.gateway = gateway;
        }

        @Override
        public Gateway gateway() {
            return gateway;
        }

        @Override
        public Status status() {
            Status current = status;
            if (current == null) {
                throw new AdminServer.NotYet("nothing is in force yet");
            }
            return current;
        }

        @Override
        public Optional<String> notLive() {
            return settings.watchdog().notLive();
        }

        @Override
        public boolean ready() {
            return status != null && !stopping && gateway.allListenersOpen();
        }

        @Override
        public boolean confirm(String id) {
            Status current = status;
            boolean known = current != null && current.heldRemoval().equals(Optional.of(id));
            if (known) {
                requests.add(new Request.Confirm(id));
            }
            return known;
        }
    }
}
