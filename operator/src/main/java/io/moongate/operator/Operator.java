package io.moongate.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.FolderSource;
import io.moongate.manifest.read.ConfigurationReader;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Target;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.feed.FeedWriter;
import io.moongate.operator.provider.Clients;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.operator.provider.WatchedKind;
import io.moongate.operator.removal.PublishedLegacyPort;
import io.moongate.operator.seed.GatewayService;
import io.moongate.operator.seed.Preview;
import io.moongate.operator.seed.SeedReconciler;
import io.moongate.operator.shoots.Shoots;
import io.moongate.operator.shoots.move.Ledger;
import io.moongate.plan.Continuity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of {@code moongate operator}, on one thread: wait for a change of the garden, the seed or the configuration →
 * what of it is taken ({@link Continuity}) → plan → the seed's objects → wait. Only the leader writes; the others watch,
 * and are ready to take over.
 */
public final class Operator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
    /** Changes come in bursts: so long they are gathered. */
    private static final long GATHER_MILLIS = 200;
    /** How often the configuration's folder is looked at, and how soon something that waits is tried again. */
    private static final long LOOK_MILLIS = 1000;

    private static final long SHORT_MILLIS = 50;

    /** A watch that has not begun after so long is worth a word. */
    private static final Duration FIRST_LIST = Duration.ofSeconds(10);

    /** A pass over ten thousand shoots takes seconds: this is a thread that hangs. */
    private static final Duration LONGEST_TURN = Duration.ofMinutes(5);

    /** A replica leads, or waits to lead, for as long as it lives; of that loop only what it throws is supervised. */
    private static final Duration FOR_EVER = Duration.ofDays(100L * 365);

    private final OperatorSettings settings;
    private final OperatorMetrics metrics;
    private final Supervisor.Loop loop;
    private final Supplier<List<Problem>> ambient;
    private List<Problem> ambientShown = List.of();
    private final Signal signal = new Signal();
    private final FolderSource configuration;
    private final KubernetesClient gardenClient;
    private final KubernetesClient seedClient;
    private final ClusterSource garden;
    private final ClusterSource seed;
    private @Nullable SeedReconciler reconciler;
    private final FeedWriter feed;
    private final PublishedLegacyPort legacyPort;
    private final GatewayService gatewayService;
    private final Shoots shoots;
    private final Planning planning;
    private final Leadership leadership;
    private final MoongateConfiguration defaults = ConfigurationReader.defaults();
    private final Retry retry = new Retry();
    private final AtomicReference<Optional<String>> confirmation = new AtomicReference<>(Optional.empty());
    private volatile @Nullable View view;
    private volatile boolean stopping;
    private volatile boolean retryMoves;
    private boolean led;
    private final Instant started = Instant.now();
    private boolean told;

    /**
     * What is in force, for people.
     *
     * @param advice what works and is weaker than planned, or cannot be judged: nothing has to be done
     * @param held ids of what waits for a person
     */
    public record View(Plan plan, List<Problem> problems, List<Advice> advice, List<String> held, boolean leading) {}

    /**
     * @param supervisor of this operator's loops
     * @param ambient problems of the process itself
     */
    public Operator(
            OperatorSettings settings,
            OperatorMetrics metrics,
            Supervisor supervisor,
            Supplier<List<Problem>> ambient) {
        this.settings = settings;
        this.metrics = metrics;
        this.ambient = ambient;
        this.loop = supervisor.begin("main", LONGEST_TURN, WhenStuck.NOT_LIVE);
        this.configuration = new FolderSource(settings.configuration(), Map.of());
        this.seedClient = Clients.of(settings.seedKubeconfig());
        this.gardenClient = Clients.of(settings.gardenKubeconfig().or(settings::seedKubeconfig));
        this.garden = new ClusterSource("garden", gardenClient, signal::raise);
        this.seed = new ClusterSource("seed", seedClient, signal::raise);
        this.feed = new FeedWriter(
                seedClient, settings.leaseNamespace(), settings.seedName(), metrics::wrote, signal::raise);
        this.legacyPort =
                new PublishedLegacyPort(seedClient, settings.leaseNamespace(), settings.seedName(), signal::raise);
        this.gatewayService =
                new GatewayService(seedClient, settings.leaseNamespace(), settings.gatewayService(), metrics::wrote);
        var ledger = new Ledger(seedClient, settings.leaseNamespace(), settings.seedName());
        this.shoots = new Shoots(gardenClient, seedClient, ledger, metrics::wrote, signal::raise);
        this.planning = new Planning(settings, garden, seed, legacyPort);
        this.leadership = new Leadership(
                seedClient,
                settings.leaseNamespace(),
                settings.seedName(),
                settings.identity(),
                signal::raise,
                supervisor.begin("leadership", FOR_EVER, WhenStuck.PROBLEM));
    }

    /**
     * Returns after {@link #stop}.
     *
     * @param eachTurn what else is to be done from time to time
     */
    public void run(Runnable eachTurn) throws InterruptedException {
        watch(settledConfiguration());
        leadership.start();
        long pause = 0;
        boolean owed = false;
        while (!stopping) {
            boolean changed = signal.await(pause);
            if (changed) {
                Thread.sleep(GATHER_MILLIS);
                signal.clear();
            }
            try {
                eachTurn.run();
                turn(changed || owed);
                owed = false;
            } catch (RuntimeException | Error e) {
                loop.failed(e);
                // A change is signalled once: it must not be lost with the turn that failed.
                owed = true;
            }
            loop.turned();
            pause = LOOK_MILLIS;
        }
        loop.ended();
    }

    private void turn(boolean changed) {
        ManifestSource.Look look = configuration.look(Instant.now());
        metrics.leading(leadership.leading());
        if (!garden.complete() || !seed.complete() || !remembers() || !knowsIstio()) {
            return;
        }
        boolean due = planning.isDue(Instant.now()) || retry.isDue(Instant.now());
        boolean news = changed || look.changed() || !ambient.get().equals(ambientShown);
        if (news || due || view == null) {
            pass(look.snapshot());
        }
        lead();
    }

    private void watch(Landscape configured) {
        garden.watch(WatchedKind.ofGarden());
        String ingress = configured.configuration().orElse(defaults).istio().ingressService();
        seed.watch(WatchedKind.ofSeedWithPods(Set.of(ingress, settings.gatewayService())));
        if (targetsIstio(configured)) {
            // Also one that does not lead yet: it knows what there is when it does.
            reconciler();
        }
    }

    private boolean targetsIstio(Landscape configured) {
        return configured.configuration().orElse(defaults).target() == Target.Istio;
    }

    /** The first pass waits for the first lists, but not for ever. */
    private boolean knowsIstio() {
        SeedReconciler known = reconciler;
        return known == null || known.complete() || Instant.now().isAfter(started.plus(FIRST_LIST));
    }

    /**
     * What one pass would do now, in place of {@link #run}. Writes nothing, and needs no Lease.
     *
     * @param patience for the first lists
     * @throws IllegalStateException when garden or seed cannot be listed within that time
     */
    public Preview preview(Duration patience) throws InterruptedException {
        Landscape configured = settledConfiguration();
        boolean istio = targetsIstio(configured);
        watch(configured);
        Instant until = Instant.now().plus(patience);
        while (!garden.complete()
                || !seed.complete()
                || !feed.hasSynced()
                || !legacyPort.hasSynced()
                || (istio && !reconciler().complete())) {
            if (Instant.now().isAfter(until)) {
                throw new IllegalStateException(
                        "garden or seed could not be listed within " + patience.toSeconds() + " s");
            }
            Thread.sleep(SHORT_MILLIS);
        }
        remembers();
        var problems = new ArrayList<Problem>();
        Plan plan = planning.plan(
                configuration.look(Instant.now()).snapshot(), problems, new ArrayList<>(), Optional.empty());
        Preview preview = istio
                ? reconciler().preview(plan, planning.shoots(plan))
                : new Preview(Stream.concat(
                                feed.differing(plan.configuration(), planning.shoots(plan)).stream()
                                        .map(object -> new Applier.Change("apply", object.toString())),
                                gatewayService.preview(plan, legacyPort.decided(), seed).stream())
                        .toList());
        problems.addAll(preview.problems());
        return preview.with(BoundedProblems.inAll(problems));
    }

    /** What was planned before a restart counts for what may go at once: a garden that answers with nothing removes nothing. */
    private boolean remembers() {
        if (view == null && feed.hasSynced()) {
            planning.restore(feed.shoots());
        } else if (view == null && !told && Instant.now().isAfter(started.plus(FIRST_LIST))) {
            told = true;
            LOG.warn(
                    "ConfigMaps in namespace {} of the seed cannot be watched, nothing is done before: see whether the"
                            + " operator may list and watch them",
                    settings.leaseNamespace());
        }
        return feed.hasSynced() && legacyPort.hasSynced();
    }

    /** The shoots' turn: only the leader looks at them. */
    private void lead() {
        boolean leading = leadership.leading();
        if (leading && !led) {
            try {
                shoots.takeOver();
            } catch (KubernetesClientException e) {
                LOG.warn("which moves failed before cannot be read yet: {}", e.getMessage());
                return;
            }
        }
        led = leading;
        shoots.lead(leading);
        if (leading) {
            metrics.shoots(shoots.byReason(), shoots.moving());
        }
    }

    private Landscape settledConfiguration() throws InterruptedException {
        ManifestSource.Look look = configuration.look(Instant.now());
        while (!look.settled() && !stopping) {
            Thread.sleep(SHORT_MILLIS);
            look = configuration.look(Instant.now());
        }
        return look.snapshot().landscape();
    }

    /** One pass; what fails is tried again after a while that grows. */
    private void pass(ManifestSource.Snapshot configured) {
        long start = System.nanoTime();
        boolean well = false;
        Optional<Instant> next = Optional.empty();
        try {
            List<Problem> problems = new ArrayList<>();
            Optional<String> confirmed = confirmation.getAndSet(Optional.empty());
            var held = new ArrayList<String>();
            Plan plan = planning.plan(configured, problems, held, confirmed);
            boolean leading = leadership.leading();
            if (leading && retryMoves) {
                retryMoves = false;
                shoots.retry();
            }
            List<Shoot> planned = planning.shoots(plan);
            SeedReconciler.Outcome seedOutcome = leading && plan.configuration().target() == Target.Istio
                    ? reconciler()
                            .reconcile(plan, confirmed, legacyPort.decided().since(), planned)
                    : SeedReconciler.Outcome.NOTHING;
            problems.addAll(seedOutcome.problems());
            held.addAll(seedOutcome.held());
            if (leading) {
                problems.addAll(feed.write(plan.configuration(), planned));
            }
            if (leading && plan.configuration().target() == Target.Gateway) {
                problems.addAll(gatewayService.follow(plan, legacyPort.decided(), seed));
            }
            shoots.update(plan, planned);
            problems.addAll(shoots.problems());
            shoots.held().ifPresent(held::add);
            ambientShown = ambient.get();
            problems.addAll(ambientShown);
            List<Problem> reported = BoundedProblems.inAll(problems);
            report(reported);
            view = new View(plan, reported, seedOutcome.advice(), List.copyOf(held), leading);
            well = problems.stream().noneMatch(p -> p.code() == Problem.Code.APPLY_FAILED);
            boolean waiting = problems.stream()
                    .anyMatch(p ->
                            p.code() == Problem.Code.WAITING_FOR_LISTENER || p.code() == Problem.Code.WATCH_INCOMPLETE);
            next = waiting ? Optional.of(Instant.now().plusMillis(2 * LOOK_MILLIS)) : seedOutcome.again();
        } catch (RuntimeException | Error e) {
            loop.failed(e);
        }
        retry.after(well, next, Instant.now());
        metrics.reconciled(well, (System.nanoTime() - start) / 1e9);
    }

    /** Watches Istio's kinds from the first time on that they are needed: a seed without Istio does not have them. */
    private SeedReconciler reconciler() {
        SeedReconciler known = reconciler;
        if (known == null) {
            known = SeedReconciler.watching(seedClient, seed, metrics::wrote, signal::raise);
            reconciler = known;
        }
        return known;
    }

    private void report(List<Problem> problems) {
        View before = view;
        Set<Problem> known = before == null ? Set.of() : new LinkedHashSet<>(before.problems());
        Set<Problem> now = new LinkedHashSet<>(problems);
        now.stream().filter(p -> !known.contains(p)).forEach(p -> LOG.warn("{}", p));
        known.stream().filter(p -> !now.contains(p)).forEach(p -> LOG.info("resolved: {}", p.message()));
        metrics.problems(BoundedProblems.count(problems));
    }

    /** Empty until the first pass. */
    public Optional<View> view() {
        return Optional.ofNullable(view);
    }

    /** Whether it watches everything that it needs, as leader or as a replica that could take over. */
    public boolean ready() {
        return view != null && !stopping;
    }

    /** From any thread: lets happen what is held back under this id; false where there is none. */
    public boolean confirm(String id) {
        View current = view;
        boolean known = current != null && current.held().contains(id);
        if (known && shoots.held().equals(Optional.of(id))) {
            retryMoves = true;
        }
        if (known) {
            confirmation.set(Optional.of(id));
            signal.raise();
        }
        return known;
    }

    /** From any thread. */
    public void stop() {
        stopping = true;
        signal.raise();
    }

    @Override
    public void close() {
        shoots.close();
        leadership.close();
        SeedReconciler istio = reconciler;
        if (istio != null) {
            istio.close();
        }
        feed.close();
        legacyPort.close();
        garden.close();
        seed.close();
        gardenClient.close();
        seedClient.close();
    }
}
