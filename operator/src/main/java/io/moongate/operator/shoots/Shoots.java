package io.moongate.operator.shoots;

import static java.util.stream.Collectors.toMap;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.condition.Condition;
import io.moongate.model.condition.Reason;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.Plan;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.shoots.move.Ledger;
import io.moongate.operator.shoots.move.Moves;
import io.moongate.operator.shoots.move.ShootMove;
import io.moongate.operator.shoots.status.ConditionWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;

/** All shoots of the seed: checks those that are due, a bounded number at once, each on a virtual thread. */
public final class Shoots implements AutoCloseable {
    private static final int AT_ONCE = 10;
    private static final int SHORTEST_SETTLED_SECONDS = 40;
    private static final int LOOKS_A_SECOND = 20;
    /** So many shoots a problem names. */
    private static final int NAMED = 3;

    /** What says that a shoot had begun to move when another replica led. */
    private static final Set<Reason> ON_THE_WAY = Set.of(Reason.Progressing, Reason.RolloutStalled, Reason.Reverting);

    private final ShootWatch.Surroundings around;
    private final Moves moves;
    private final Applier.Writes writes;
    private final Map<ShootKey, ShootWatch> watches = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Deque<ShootWatch> queue = new ArrayDeque<>();
    private volatile boolean active;

    /**
     * @param ledger where failed moves are remembered
     * @param changed called on any thread when there is another problem than before
     */
    public Shoots(
            KubernetesClient garden, KubernetesClient seed, Ledger ledger, Applier.Writes writes, Runnable changed) {
        this.around = new ShootWatch.Surroundings(
                new ShootAccess(seed), new ConditionWriter(garden), new Events(garden), this::settledPause, changed);
        this.moves = new Moves(ledger, changed, this::hurry);
        this.writes = writes;
    }

    /**
     * What is to be of them.
     *
     * @param shoots those for which this seed is responsible
     */
    public void update(Plan plan, List<Shoot> shoots) {
        moves.limits(plan.configuration().rollout());
        Map<ShootKey, ShootPlan> plans = plan.shoots().stream().collect(toMap(ShootPlan::shoot, Function.identity()));
        var known = new HashSet<ShootKey>();
        for (Shoot shoot : shoots) {
            ShootPlan own = plans.get(shoot.key());
            if (own == null) {
                continue;
            }
            known.add(shoot.key());
            var target = new ShootWatch.Target(shoot, own, plan.configuration());
            watches.compute(shoot.key(), (key, watch) -> {
                if (watch == null) {
                    return new ShootWatch(around, new ShootMove(key, moves, writes), target);
                }
                watch.update(target);
                return watch;
            });
        }
        watches.keySet().retainAll(known);
        moves.retain(known);
    }

    /** This replica begins to lead: it goes on where the one before it was. */
    public void takeOver() {
        moves.takeOver(watches.values().stream()
                .filter(watch -> watch.target().isManaged() && watch.target().isAwake())
                .filter(watch -> reasonOf(watch).filter(ON_THE_WAY::contains).isPresent())
                .map(watch -> watch.target().shoot().key())
                .toList());
    }

    /** Whether this replica leads: only then shoots are looked at. */
    public void lead(boolean leading) {
        active = leading;
        if (leading) {
            startDue();
        }
    }

    /** Starts what is due and finds a place, the longest due first; whoever is ready makes room for the next. */
    private synchronized void startDue() {
        Instant now = Instant.now();
        if (queue.isEmpty()) {
            watches.values().stream()
                    .filter(watch -> watch.isDue(now))
                    .sorted(Comparator.comparing(ShootWatch::due))
                    .forEach(queue::add);
        }
        while (!queue.isEmpty() && places.tryAcquire()) {
            ShootWatch next = queue.remove();
            boolean there = next.equals(watches.get(next.target().shoot().key()));
            if (there && next.isDue(now)) {
                next.claim();
                threads.execute(() -> check(next));
            } else {
                places.release();
            }
        }
    }

    private void check(ShootWatch watch) {
        try {
            watch.check();
        } finally {
            places.release();
            if (active) {
                startDue();
            }
        }
    }

    /** So many shoots are looked at in a second at most while nothing moves, however many there are. */
    private Duration settledPause() {
        return Duration.ofSeconds(Math.max(SHORTEST_SETTLED_SECONDS, watches.size() / LOOKS_A_SECOND));
    }

    private static Optional<Reason> reasonOf(ShootWatch watch) {
        return watch.target().shoot().adoption().condition().map(Condition::reason);
    }

    /** How many shoots have the condition, by reason. */
    public Map<String, Long> byReason() {
        var counts = new TreeMap<String, Long>();
        watches.values()
                .forEach(watch -> reasonOf(watch).ifPresent(reason -> counts.merge(reason.name(), 1L, Long::sum)));
        return counts;
    }

    /** What people have to know. */
    public List<Problem> problems() {
        return Stream.of(
                        moves.problem().stream(),
                        watches.values().stream().flatMap(watch -> watch.problem().stream()),
                        waiting().stream())
                .flatMap(Function.identity())
                .toList();
    }

    /** One for all of them: there can be thousands, and each has its condition. */
    private Optional<Problem> waiting() {
        List<String> names = watches.values().stream()
                .filter(ShootWatch::waitsForItsOwner)
                .map(watch -> watch.target().shoot().key().toString())
                .sorted()
                .toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String some = String.join(", ", names.subList(0, Math.min(names.size(), NAMED)));
        return Optional.of(Problem.general(
                Problem.Code.OWNER_MUST_ACT,
                names.size() + " shoots are to use the unified port and do not yet, or not any more: " + some
                        + (names.size() > NAMED ? ", ..." : ""),
                "let their owner deploy their components as 'moongate plan --objects --shoot NAMESPACE/NAME' shows, or set"
                        + " ownership.shoots to Manage"));
    }

    /** Under what failed moves can be tried again. */
    public Optional<String> held() {
        return moves.heldId();
    }

    public void retry() {
        moves.retry();
        watches.values().forEach(ShootWatch::hurry);
    }

    private void hurry(ShootKey key) {
        ShootWatch watch = watches.get(key);
        if (watch != null) {
            watch.hurry();
        }
    }

    /** Shoots that are being moved. */
    public int moving() {
        return moves.count();
    }

    @Override
    public void close() {
        active = false;
        threads.shutdownNow();
    }
}
