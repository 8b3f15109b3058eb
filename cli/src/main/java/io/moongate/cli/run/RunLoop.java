package io.moongate.cli.run;

import io.moongate.cli.AdminPages;
import io.moongate.cli.UserError;
import io.moongate.dataplane.admin.AdminServer;
import io.moongate.dataplane.gateway.Gateway;
import io.moongate.dataplane.record.Recorder;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.file.OutputFolder;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.AdminSettings;
import io.moongate.model.config.GatewaySettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.net.Addresses;
import io.moongate.model.plan.GatewayPlan;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import io.moongate.plan.Continuity;
import io.moongate.plan.Planner;
import io.moongate.plan.translate.ShootFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
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

    private final Settings settings;
    private final Recorder recorder;
    private final PrintWriter people;
    private final LastGood lastGood;
    private final ManifestSource source;
    private final MoongateConfiguration defaults = ConfigurationReader.defaults();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Provenance provenance = new Provenance();
    private Continuity.State continuity;
    private Optional<Instant> recheckAt = Optional.empty();
    private Set<Problem> reported = Set.of();
    private volatile @Nullable Status status;
    private volatile boolean stopping;
    private long generation;
    private boolean keeping;
    private Instant keepAgainAt = Instant.MIN;

    /**
     * @param state the folder for the last good input
     * @param output where the shoots' files go, if anywhere
     * @param admin instead of what the configuration says
     * @param dashboardToken the file with the token of whoever may decide in the dashboard
     * @param adoption what is made of the tunnels that the recorder sees, where that is kept
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
            Optional<AdoptionDesk> adoption) {}

    /** Where people and probes come in. */
    public record Doors(
            InetSocketAddress admin,
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

    public RunLoop(Settings settings, Recorder recorder, PrintWriter people) throws IOException {
        this.settings = settings;
        this.recorder = recorder;
        this.people = people;
        this.lastGood = new LastGood(settings.state().resolve("last-good.jsonl"));
        Map<String, List<Manifest>> held = lastGood.read();
        provenance.remember(held);
        this.continuity = Continuity.State.restored(LastGood.landscape(held));
        this.source = settings.input().open(held);
        onDecision(() -> {});
    }

    /** @param also what is to be done after a decision about the legacy port, beside planning anew; before {@link #run} */
    public void onDecision(Runnable also) {
        settings.adoption()
                .ifPresent(desk -> desk.onDecision(() -> {
                    requests.add(new Request.PlanAnew());
                    also.run();
                }));
    }

    /** Returns after {@link #stop}, when all tunnels have been drained. */
    public void run() throws IOException, InterruptedException {
        ManifestSource.Look first = settle();
        if (stopping) {
            return;
        }
        Step start = step(first, Optional.empty());
        refuseBadStart(first, start);
        Gateway gateway = Gateway.start(served(start.plan()), new Gateway.Options(recorder, Optional.empty()));
        try (var admin = openAdmin(start.plan(), gateway);
                var dashboard = OwnDashboard.open(
                        start.plan().configuration().dashboard(),
                        settings.adoption(),
                        settings.dashboardToken(),
                        settings.inputs().seed());
                var share = Share.open(settings.share(), settings.adoption())) {
            Optional<InetSocketAddress> accessLog = listenToEnvoys(start.plan());
            putInForce(start, gateway);
            refuseIfNothingListens(gateway);
            var doors = new Doors(admin.address(), dashboard.address(), share.address(), accessLog);
            settings.input().greet(people, start.plan(), gateway, doors);
            follow(gateway);
            gateway.drain().join();
        } finally {
            gateway.shutdown();
        }
    }

    /** From any thread. */
    public void stop() {
        stopping = true;
        requests.add(new Request.Stop());
    }

    private ManifestSource.Look settle() throws InterruptedException {
        ManifestSource.Look look = source.look(Instant.now());
        while (!look.settled() && !stopping) {
            TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE_MILLIS);
            look = source.look(Instant.now());
        }
        return look;
    }

    private void follow(Gateway gateway) throws InterruptedException {
        long pause = SHORTEST_PAUSE_MILLIS;
        while (!stopping) {
            Request request = requests.poll(pause, TimeUnit.MILLISECONDS);
            if (request instanceof Request.Stop) {
                return;
            }
            long before = System.nanoTime();
            ManifestSource.Look look = source.look(Instant.now());
            long tookMillis = (System.nanoTime() - before) / 1_000_000;
            pause = Math.clamp(tookMillis * PAUSE_PER_LOOK, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
            boolean due = recheckAt.filter(at -> !Instant.now().isBefore(at)).isPresent();
            Optional<String> confirmed =
                    request instanceof Request.Confirm(String id) ? Optional.of(id) : Optional.empty();
            if (look.changed() || due || confirmed.isPresent() || request instanceof Request.PlanAnew) {
                putInForce(step(look, confirmed), gateway);
            }
            settings.adoption().ifPresent(desk -> desk.tick(Instant.now()));
            keepLastGood().ifPresent(problem -> LOG.warn("{}", problem));
        }
    }

    /** What one look leads to. */
    private record Step(Plan plan, List<Problem> problems, Optional<String> held) {}

    private Step step(ManifestSource.Look look, Optional<String> confirmation) {
        provenance.remember(look.snapshot().objects());
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

    private void putInForce(Step step, Gateway gateway) {
        var problems = new ArrayList<>(step.problems());
        problems.addAll(gateway.apply(served(step.plan())));
        problems.addAll(writeFiles(step.plan()));
        settings.adoption().ifPresent(desk -> problems.addAll(desk.problems()));
        recorder.metrics().problems(problems.size());
        var now = new Status(++generation, step.plan(), ownShoots(), List.copyOf(problems), step.held());
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
        var problems = new ArrayList<Problem>();
        keeping = true;
        keepLastGood().ifPresent(problems::add);
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

    /** A large input that changes all the time is not written all the time. */
    private Optional<Problem> keepLastGood() {
        if (!keeping || Instant.now().isBefore(keepAgainAt)) {
            return Optional.empty();
        }
        keeping = false;
        long before = System.nanoTime();
        try {
            lastGood.write(provenance.of(continuity.inForce()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Problem.general(
                    Problem.Code.OUTPUT_FAILED,
                    "the last good input cannot be kept in " + settings.state() + " (" + e.getMessage()
                            + "); a restart would depend on the source alone",
                    "make it writable, or give another folder with --state"));
        } finally {
            keepAgainAt = Instant.now().plusNanos((System.nanoTime() - before) * PAUSE_PER_LOOK);
        }
    }

    /** Says what is new; what was said before is not said again at every edit. */
    private void report(List<Problem> problems) {
        Set<Problem> now = new LinkedHashSet<>(problems);
        now.stream().filter(p -> !reported.contains(p)).forEach(p -> LOG.warn("{}", p));
        reported.stream().filter(p -> !now.contains(p)).forEach(p -> LOG.info("resolved: {}", p.message()));
        reported = now;
    }

    /** Without its configuration a gateway would not know its access lists, and let everybody in. */
    private static void refuseBadStart(ManifestSource.Look first, Step start) {
        boolean nothing = first.snapshot().objects().isEmpty();
        for (Problem problem : first.snapshot().problems()) {
            boolean configuration = problem.object()
                    .filter(o -> o.kind().equals(MoongateConfiguration.KIND))
                    .isPresent();
            boolean away = problem.code() == Problem.Code.SOURCE_AWAY;
            if (configuration
                            && first.snapshot().landscape().configuration().isEmpty()
                            && start.plan().gateway().access().isEmpty()
                    || away && nothing) {
                String text = problem.toString();
                throw new UserError(text.substring(text.indexOf(' ') + 1) + "; there is no last good to start from");
            }
        }
    }

    private void refuseIfNothingListens(Gateway gateway) {
        Status current = status;
        if (gateway.allListenersOpen() || current == null) {
            return;
        }
        current.problems().stream()
                .filter(p -> p.code() == Problem.Code.LISTENER_FAILED)
                .findFirst()
                .ifPresent(p -> {
                    throw new UserError(p.message() + ", in the configuration, " + p.remedy());
                });
    }

    private Optional<InetSocketAddress> listenToEnvoys(Plan plan) {
        var service = plan.configuration().evidence().accessLogService();
        try {
            return settings.adoption().isPresent()
                    ? settings.adoption()
                            .get()
                            .listenToEnvoys(service, settings.input().tellers())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UserError(e.getMessage()
                    + ", in evidence.accessLogService of the configuration, free the port or choose another");
        }
    }

    private AdminServer openAdmin(Plan plan, Gateway gateway) {
        AdminSettings admin = settings.admin().orElse(plan.configuration().admin());
        var address = new InetSocketAddress(Addresses.parse(admin.address()).orElseThrow(), admin.port());
        AdminPages.Local local = settings.adoption()
                .map(desk -> {
                    desk.serves(
                            () -> settings.input().legacyServed(requireStatus().plan(), gateway));
                    recorder.metrics().registry().register(new AdoptionMetrics(desk));
                    return new AdoptionPages(desk).beside(() -> requireStatus().tree(gateway));
                })
                .orElseGet(() -> AdminPages.Local.config(() -> requireStatus().tree(gateway)));
        var pages = new AdminPages(
                local,
                recorder.metrics().registry(),
                () -> status != null && !stopping && gateway.allListenersOpen(),
                this::askToConfirm);
        try {
            return new AdminServer(address, pages);
        } catch (IOException e) {
            gateway.shutdown();
            throw new UserError(e.getMessage() + ", in admin of the configuration, free the port or choose another");
        }
    }

    private List<Shoot> ownShoots() {
        Optional<String> seed = settings.inputs().seed();
        return continuity.inForce().shoots().stream()
                .filter(shoot ->
                        seed.isEmpty() || shoot.placement().responsible().equals(seed))
                .toList();
    }

    private Status requireStatus() {
        Status current = status;
        if (current == null) {
            throw new IllegalStateException("nothing is in force yet");
        }
        return current;
    }

    /** On the admin's thread, which must not wait for the loop: the answer tells whether the id is the held one. */
    private boolean askToConfirm(String id) {
        Status current = status;
        boolean known = current != null && current.heldRemoval().equals(Optional.of(id));
        if (known) {
            requests.add(new Request.Confirm(id));
        }
        return known;
    }
}
