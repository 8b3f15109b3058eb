package io.moongate.cli.run;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.moongate.adoption.evidence.EvidenceKeeper;
import io.moongate.adoption.removal.Decision;
import io.moongate.adoption.removal.Removal;
import io.moongate.adoption.removal.Verdict;
import io.moongate.adoption.removal.VerdictTree;
import io.moongate.adoption.report.AdoptionReport;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.RemovalSettings;
import io.moongate.model.destination.Destination;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.feature.Feature;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.plan.ObjectChange;
import io.moongate.model.plan.Route;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that serves tunnels knows of adoption: who was seen, what that says, and what has been decided about
 * the legacy port. Every decision is recorded before it takes effect. Safe for use by all threads.
 */
public final class AdoptionDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdoptionDesk.class);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration COUNT = Duration.ofMinutes(1);
    static final String GATE = "feature gate " + Feature.REMOVE_HTTP_PROXY_LEGACY_PORT.gate();

    private final EvidenceKeeper evidence;
    private final Chronicle chronicle;
    private volatile @Nullable Status status;
    private volatile Map<String, ShootKey> byName = Map.of();
    private volatile Map<String, ShootKey> byTechnicalId = Map.of();
    private volatile Runnable decided = () -> {};
    private volatile Supplier<Served> served = () -> new Served(List.of(), OptionalInt.of(0));
    private volatile Optional<Problem> blocked = Optional.empty();
    private volatile Optional<Problem> blind = Optional.empty();
    private volatile List<Problem> untold = List.of();
    private Instant tickAt = Instant.MIN;
    private Instant countAt = Instant.MIN;
    private volatile @Nullable Tellers tellers;

    private AdoptionDesk(EvidenceKeeper evidence, Chronicle chronicle) {
        this.evidence = evidence;
        this.chronicle = chronicle;
    }

    /** Goes on from what the file holds; where that cannot be, it counts in memory, and the legacy port stays open. */
    public static AdoptionDesk open(Path file, Supervisor supervisor) {
        EvidenceKeeper keeper = EvidenceKeeper.open(file, supervisor);
        return new AdoptionDesk(keeper, Chronicle.open(file));
    }

    public TunnelObserver observer() {
        return evidence;
    }

    LegacyPort legacyPort() {
        return chronicle.removal().port();
    }

    /** @param decided after every decision that changes something, on any thread */
    void onDecision(Runnable decided) {
        this.decided = decided;
    }

    /**
     * How the legacy port is served.
     *
     * @param listening where; empty once it is closed
     * @param tunnels how many our own gateway has there; empty where others serve, who tell us of theirs
     * @param changes what a removal would change elsewhere, in this order
     * @param objects the same, each with what it is and would be; made when asked for
     */
    record Served(
            List<String> listening, OptionalInt tunnels, List<String> changes, Supplier<List<ObjectChange>> objects) {
        /** Where nothing changes elsewhere. */
        Served(List<String> listening, OptionalInt tunnels) {
            this(listening, tunnels, List.of(), List::of);
        }
    }

    void serves(Supplier<Served> legacyPort) {
        served = legacyPort;
    }

    /** What a removal would change elsewhere, in this order. */
    List<ObjectChange> changes() {
        return status == null ? List.of() : served.get().objects().get();
    }

    void inForce(Status now) {
        status = now;
        byName = now.shoots().stream()
                .map(Shoot::key)
                .collect(toUnmodifiableMap(ShootKey::toString, k -> k, (a, b) -> a));
        // Of two that claim one ID the first by name has it, as in the plan.
        byTechnicalId = now.shoots().stream()
                .sorted(Comparator.comparing(Shoot::key))
                .filter(shoot -> shoot.technicalId().isPresent())
                .collect(toUnmodifiableMap(s -> s.technicalId().orElseThrow(), Shoot::key, (a, b) -> a));
        evidence.retain(now.plan().configuration().evidence().retention());
    }

    List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        evidence.failure()
                .ifPresent(why -> problems.add(Problem.general(
                        Problem.Code.OUTPUT_FAILED,
                        why,
                        "make the file and its folder writable; --state gives another folder")));
        evidence.odd()
                .ifPresent(what -> problems.add(Problem.general(
                        Problem.Code.UNREADABLE_FILE,
                        what,
                        "find the rows in the log of this process, and whoever else writes to evidence.db")));
        evidence.limited()
                .ifPresent(what -> problems.add(Problem.general(
                        Problem.Code.LIMIT_EXCEEDED,
                        what,
                        "give the process more memory (-Xmx), or keep less with evidence.retention")));
        blocked.ifPresent(problems::add);
        blind.ifPresent(problems::add);
        problems.addAll(untold);
        return problems;
    }

    /** Why nobody looks, if that is so; in words. */
    List<String> blindness() {
        return blind.map(Problem::message).stream().toList();
    }

    /** What could not be told to others; takes the place of what was said before. */
    void heraldFailed(List<Problem> problems) {
        untold = problems;
        decided.run();
    }

    /**
     * Lets Envoys tell what they see, and makes what nobody tells us a gap; throws a sentence for people.
     *
     * @param expected who they are; empty: as many as the settings say
     */
    InetSocketAddress listenToEnvoys(AccessLogServiceSettings settings, Optional<Supplier<Tellers.Expected>> expected)
            throws IOException {
        // Until it listens it hears of no tunnel.
        evidence.watchWith(() -> false);
        var opened = new Tellers(settings, expected, evidence, this::shootOf);
        tellers = opened;
        evidence.watchWith(opened::look);
        return opened.address();
    }

    /** Of those who have to tell about their tunnels. */
    List<Tellers.Silent> silent() {
        Tellers opened = tellers;
        return opened == null ? List.of() : opened.silent();
    }

    /** By what its clients send; our own gateways send its name. */
    private Optional<ShootKey> shootOf(String headerValue) {
        return Optional.ofNullable(status)
                .map(current -> current.plan().gateway().routes().get(headerValue))
                .map(Route::shoot)
                .or(() -> Destination.technicalIdOf(headerValue)
                        .flatMap(id -> Optional.ofNullable(byTechnicalId.get(id))))
                .or(() -> Optional.ofNullable(byName.get(headerValue)));
    }

    /** Empty until something is in force. */
    Optional<AdoptionReport> report() {
        return Optional.ofNullable(status).map(this::report);
    }

    Chronicle chronicle() {
        return chronicle;
    }

    private AdoptionReport report(Status current) {
        MoongateConfiguration configuration = current.plan().configuration();
        return AdoptionReport.of(
                current.shoots(),
                current.gardenlets(),
                evidence.evidence(),
                configuration.evidence().window(),
                configuration.ownership().shoots(),
                Instant.now());
    }

    /** Where the legacy port stands; empty until something is in force. */
    Optional<VerdictTree.Standing> standing() {
        return Optional.ofNullable(status).map(this::standing);
    }

    private VerdictTree.Standing standing(Status current) {
        RemovalSettings settings = current.plan().configuration().removal();
        AdoptionReport report = report(current);
        Served now = served.get();
        return new VerdictTree.Standing(
                report,
                chronicle.removal(),
                Verdict.of(report, settings.exemptions()),
                settings,
                chronicle.decisions(),
                now.listening(),
                now.tunnels()
                        .orElseGet(() -> report.rows().stream()
                                .mapToInt(row -> row.legacy().up())
                                .sum()),
                now.changes(),
                tellers != null && now.tunnels().isPresent());
    }

    /** What became of a wish. */
    record Outcome(boolean done, String text) {}

    synchronized Outcome remove(String who, boolean forGood) {
        return decide(who, forGood ? Decision.Action.RemovedForGood : Decision.Action.Removed);
    }

    synchronized Outcome restore(String who) {
        Status current = status;
        if (current != null && gate(current) && chronicle.removal().port() == LegacyPort.Removed) {
            return new Outcome(false, GATE + " is on and would remove it again: turn it off instead");
        }
        return decide(who, Decision.Action.Restored);
    }

    private Outcome decide(String who, Decision.Action action) {
        Status current = status;
        if (current == null) {
            return new Outcome(false, "nothing is in force yet, try again in a moment");
        }
        VerdictTree.Standing standing = standing(current);
        Removal removal = standing.removal();
        Optional<String> against = switch (action) {
            case Removed -> removal.whyNotRemoved(standing.verdict());
            case Restored -> removal.whyNotRestored();
            case RemovedForGood -> removal.whyNotFinal(standing.settings().rollbackWindow(), Instant.now());
            case Refused -> Optional.empty();
        };
        boolean refused = against.isPresent();
        var decision = new Decision(
                Instant.now(),
                refused ? Decision.Action.Refused : action,
                who,
                Trees.json(VerdictTree.evidence(standing.report(), standing.verdict(), action, against)));
        try {
            chronicle.record(decision);
        } catch (IOException e) {
            LOG.error("a decision about the legacy port could not be recorded: {}", e.getMessage());
            return new Outcome(false, "the decision cannot be recorded (" + e.getMessage() + "), so it is not made");
        }
        if (refused) {
            LOG.info("legacy port: {} wanted {}, refused: {}", who, action, against.get());
            return new Outcome(false, against.get());
        }
        LOG.info("legacy port: {} by {}", action, who);
        decided.run();
        return new Outcome(true, action.name());
    }

    /** From time to time, on the loop's thread: follows the gate, and counts for the history. */
    void tick(Instant now) {
        Status current = status;
        if (current == null || now.isBefore(tickAt)) {
            return;
        }
        tickAt = now.plus(TICK);
        followGate(current);
        followTellers(now);
        if (!now.isBefore(countAt)) {
            countAt = now.plus(COUNT);
            chronicle.count(now, report(current));
        }
    }

    private void followTellers(Instant now) {
        Tellers opened = tellers;
        Optional<Problem> found = opened == null ? Optional.empty() : opened.problem(now);
        if (!found.equals(blind)) {
            blind = found;
            decided.run();
        }
    }

    private static boolean gate(Status current) {
        return current.plan().configuration().featureGates().enabled(Feature.REMOVE_HTTP_PROXY_LEGACY_PORT);
    }

    /** What the gate has done it takes back; what a person has done it leaves. */
    private synchronized void followGate(Status current) {
        boolean on = gate(current);
        Removal removal = chronicle.removal();
        boolean byGate = removal.since().filter(d -> d.who().equals(GATE)).isPresent();
        Optional<Problem> before = blocked;
        blocked = Optional.empty();
        if (on && removal.port() == LegacyPort.Open) {
            Verdict verdict = standing(current).verdict();
            if (verdict.removable()) {
                decide(GATE, Decision.Action.Removed);
            } else {
                blocked = Optional.of(Problem.general(
                        Problem.Code.LEGACY_PORT_BLOCKED,
                        GATE + " is on, but " + verdict.summary(),
                        "see all of them with 'moongate legacy-port check'; it goes on by itself once nothing blocks"));
            }
        } else if (!on && byGate && removal.port() == LegacyPort.Removed) {
            decide(GATE, Decision.Action.Restored);
        }
        if (!blocked.equals(before)) {
            decided.run();
        }
    }

    @Override
    public void close() throws IOException {
        Tellers opened = tellers;
        if (opened != null) {
            opened.close();
        }
        chronicle.close();
        evidence.close();
    }
}
