package io.moongate.adoption.evidence;

import io.moongate.model.destination.Entrance;
import io.moongate.model.evidence.Coverage;
import io.moongate.model.evidence.Evidence;
import io.moongate.model.evidence.TunnelObserver;
import io.moongate.model.evidence.Use;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.loop.Supervisor;
import io.moongate.model.loop.Supervisor.WhenStuck;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow of evidence: tunnels are counted in memory where they come and go → every few seconds a thread of its own
 * writes what has changed, and that it looked → after a restart counting goes on from there.
 */
public final class EvidenceKeeper implements TunnelObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceKeeper.class);
    /** SIGKILL costs at most this, and of the bytes twice as much: less than ten seconds. */
    private static final Duration WRITE_EVERY = Duration.ofSeconds(4);
    /** Bytes of tunnels that stay up change all the time, and their rows are most of what is written: every second time. */
    private static final Duration TRAFFIC_EVERY = Duration.ofSeconds(7);

    /** Bytes of heap for a shoot at a port: its counter, and its row in a report. */
    private static final int COUNTER_BYTES = 4 << 10;
    /** So many parts of all counters are forgotten at once when there is no room for more. */
    private static final int FORGET_PART = 8;

    /** What SQLite keeps beside its file; of no use without it. */
    private static final List<String> COMPANIONS = List.of("-wal", "-shm");

    private static final Duration PRUNE_EVERY = Duration.ofHours(1);

    /** Longer than any write that goes well; the time of a disk that hangs counts as not observed. */
    private static final Duration LONGEST_WRITE = Duration.ofMinutes(1);

    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Use> written = new HashMap<>();
    private final Clock clock;
    private volatile @Nullable Duration retention;
    private volatile BooleanSupplier watching = () -> true;
    private final int most;
    private final ObservedTime observed;
    private final ScheduledExecutorService thread;
    private Supervisor.@Nullable Loop loop;
    private @Nullable EvidenceStore store;
    private Instant pruned = Instant.MIN;
    private Instant trafficWritten = Instant.MIN;
    private boolean closing;
    /** Tunnels that are up and not counted, as there was no room for their shoot: while there are any, nobody looks. */
    private final AtomicInteger uncounted = new AtomicInteger();
    /** Whether there was one since the last write. */
    private final AtomicBoolean missed = new AtomicBoolean();
    /** What the file has not yet heard of: the clock was set back to it. */
    private @Nullable Instant forgetAfter;
    /** The same: nothing is known of uses until then. */
    private @Nullable Instant forgetUntil;
    /** The same: rows that cannot be read tell of uses until then. */
    private @Nullable Instant oddUntil;

    private volatile Optional<Instant> forgotten = Optional.empty();
    private volatile Optional<String> odd = Optional.empty();

    private volatile Optional<String> failure = Optional.empty();

    private record Key(ShootKey shoot, Entrance entrance) {}

    /**
     * Goes on from what the file holds. A damaged file is put aside: what was in it counts as not observed. Where
     * no file can be kept, counting goes on in memory, and {@link #failure} says why.
     */
    public static EvidenceKeeper open(Path file, Supervisor supervisor) {
        var keeper = new EvidenceKeeper(Clock.systemUTC());
        try {
            keeper.keepIn(openStore(file, keeper.most));
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            keeper.failed(EvidenceFile.notKept(file, e));
        }
        keeper.start(supervisor);
        return keeper;
    }

    private static EvidenceStore openStore(Path file, int most) throws IOException {
        try {
            return new EvidenceStore(file, most);
        } catch (EvidenceFile.Damaged e) {
            Path aside = file.resolveSibling(
                    file.getFileName() + ".unreadable-" + Instant.now().getEpochSecond());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            for (String companion : COMPANIONS) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + companion));
            }
            LOG.error(
                    "the evidence in {} cannot be read ({}); it is kept as {}, all before now counts as not observed",
                    file,
                    e.getMessage(),
                    aside);
            return new EvidenceStore(file, most);
        }
    }

    EvidenceKeeper(Clock clock) {
        this(
                clock,
                Math.toIntExact(
                        Math.min(EvidenceStore.MOST_ROWS, Runtime.getRuntime().maxMemory() / COUNTER_BYTES)));
    }

    /** @param most shoots and ports that are counted */
    EvidenceKeeper(Clock clock, int most) {
        this.clock = clock;
        this.most = most;
        observed = new ObservedTime(clock.instant());
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("evidence").daemon().factory());
    }

    /** Before anything is counted. */
    void keepIn(EvidenceStore opened) throws IOException {
        EvidenceStore.Kept kept;
        try {
            kept = opened.read();
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        kept.uses().forEach(use -> {
            var key = new Key(use.shoot(), use.entrance());
            counters.put(key, new Counter(use));
            written.put(key, use);
        });
        store = opened;
        Instant now = clock.instant();
        if (observed.goesOnFrom(kept.observed(), now)) {
            forgetAfter = now;
        }
        kept.forgotten().ifPresent(this::forgetUntil);
        kept.odd().ifPresent(rows -> leaveOut(rows, now));
    }

    private void leaveOut(EvidenceStore.OddRows rows, Instant now) {
        Instant until = rows.until().isBefore(now) ? rows.until() : now;
        Instant known = until.plusMillis(1);
        observed.cutBefore(known.isBefore(now) ? known : now);
        oddUntil = until;
        odd = Optional.of(rows.count() + " rows of the evidence cannot be read, so the time until " + until
                + " counts as not observed");
        LOG.error("{}", odd.get());
    }

    /** How far back evidence is kept from now on; until that is said nothing is forgotten. */
    public void retain(Duration time) {
        retention = time;
    }

    private void start(Supervisor supervisor) {
        loop = supervisor.begin("evidence", LONGEST_WRITE, WhenStuck.PROBLEM);
        thread.scheduleAtFixedRate(loop.guard(this::write), 0, WRITE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Seen established(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
        String range = ClientRange.of(client);
        return counted(
                new Key(shoot, entrance), traffic, counter -> counter.established(range, traffic, clock.instant()));
    }

    @Override
    public Seen goesOn(ShootKey shoot, Entrance entrance, InetAddress client, Traffic traffic) {
        String range = ClientRange.of(client);
        return counted(new Key(shoot, entrance), traffic, counter -> counter.goesOn(range, traffic, clock.instant()));
    }

    /** In one step with the look-up: a counter that is just being forgotten must not be counted on. */
    private Seen counted(Key key, Traffic traffic, Consumer<Counter> count) {
        if (counters.size() >= most && !counters.containsKey(key)) {
            return uncounted();
        }
        Counter counter = counters.compute(key, (k, known) -> {
            Counter current = known == null ? new Counter(Use.none(key.shoot(), key.entrance())) : known;
            count.accept(current);
            return current;
        });
        return () -> counter.ended(traffic, clock.instant());
    }

    private Seen uncounted() {
        uncounted.incrementAndGet();
        missed.set(true);
        var up = new AtomicBoolean(true);
        return () -> {
            if (up.getAndSet(false)) {
                uncounted.decrementAndGet();
            }
        };
    }

    /** @param watching whether all who see tunnels tell us; while not, time counts as not observed */
    public void watchWith(BooleanSupplier watching) {
        this.watching = watching;
    }

    /** What is known now. */
    public Evidence evidence() {
        Instant now = clock.instant();
        List<Use> uses =
                counters.values().stream().map(counter -> counter.use(now)).toList();
        return new Evidence(uses, coverage(now));
    }

    private synchronized Coverage coverage(Instant now) {
        return observed.coverage(now);
    }

    /** Why what is counted cannot be kept, while that is so. */
    public Optional<String> failure() {
        return failure;
    }

    /** What there was no room for, in words; what it concerns counts as not observed. */
    public Optional<String> limited() {
        String room = "there is room for the evidence of " + most + " shoots and ports; ";
        return uncounted.get() > 0
                ? Optional.of(
                        room + uncounted + " tunnels of others are not counted, and nothing is observed meanwhile")
                : forgotten.map(until -> room + "uses until " + until + " are forgotten, and not observed");
    }

    /** What the file held that nobody could have written here, in words. */
    public Optional<String> odd() {
        return odd;
    }

    /** What fails is tried again the next time. */
    synchronized void write() {
        Instant now = clock.instant();
        makeRoom(now);
        boolean all = !missed.getAndSet(false) && uncounted.get() == 0;
        boolean sees = watching.getAsBoolean() && all;
        if (observed.look(now, sees)) {
            forgetAfter = now;
        }
        EvidenceStore kept = store;
        if (kept == null) {
            return;
        }
        boolean traffic = closing || !now.isBefore(trafficWritten.plus(TRAFFIC_EVERY));
        var taken = new HashMap<Counter, EvidenceStore.Row>();
        counters.forEach((key, counter) ->
                counter.takeChange(now, traffic).ifPresent(use -> taken.put(counter, row(key, use))));
        try {
            Instant setBackTo = forgetAfter;
            if (setBackTo != null) {
                kept.forgetObservedAfter(setBackTo);
                forgetAfter = null;
            }
            Instant until = forgetUntil;
            if (until != null) {
                kept.forgetUntil(until);
                forgetUntil = null;
            }
            Instant readable = oddUntil;
            if (readable != null) {
                kept.keepOnly(written.values(), readable);
                oddUntil = null;
            }
            kept.write(List.copyOf(taken.values()), observed.current());
            taken.values()
                    .forEach(row ->
                            written.put(new Key(row.use().shoot(), row.use().entrance()), row.use()));
            trafficWritten = traffic ? now : trafficWritten;
            prune(kept, now);
            failure.ifPresent(before -> LOG.info("evidence is kept again"));
            failure = Optional.empty();
        } catch (IOException | RuntimeException | LinkageError e) {
            taken.keySet().forEach(Counter::putBack);
            failed(kept.notKept(e));
        }
    }

    private void failed(String why) {
        if (failure.isEmpty()) {
            LOG.error("{}; a restart would lose it", why);
        }
        failure = Optional.of(why);
    }

    private synchronized void writeLast() {
        closing = true;
        write();
    }

    private EvidenceStore.Row row(Key key, Use use) {
        Use before = written.getOrDefault(key, Use.none(key.shoot(), key.entrance()));
        return new EvidenceStore.Row(
                use,
                use.setUps() - before.setUps(),
                use.bytesIn() - before.bytesIn(),
                use.bytesOut() - before.bytesOut());
    }

    /** Before there is no room for another shoot, what was used longest ago is forgotten: so is all time before that. */
    private void makeRoom(Instant now) {
        int few = most / FORGET_PART;
        if (counters.size() <= most - few / 2) {
            return;
        }
        List<Instant> lastUses = counters.values().stream()
                .map(counter -> counter.use(now))
                .filter(use -> use.up() == 0)
                .map(Use::lastUse)
                .sorted()
                .limit(few)
                .toList();
        if (!lastUses.isEmpty()) {
            forgetUntil(lastUses.getLast());
        }
    }

    private void forgetUntil(Instant last) {
        Instant now = clock.instant();
        counters.keySet()
                .forEach(key -> counters.computeIfPresent(key, (k, counter) -> {
                    Use use = counter.use(now);
                    return use.up() == 0 && !use.lastUse().isAfter(last) ? null : counter;
                }));
        written.keySet().retainAll(counters.keySet());
        // The next instant that the file can tell: the use was at this one.
        observed.cutBefore(last.plusMillis(1));
        forgetUntil = last;
        if (forgotten.isEmpty()) {
            LOG.warn(
                    "there is room for {} shoots and ports: uses until {} are forgotten, and not observed", most, last);
        }
        forgotten = Optional.of(last);
    }

    private void prune(EvidenceStore kept, Instant now) throws IOException {
        Duration back = retention;
        if (back == null || now.isBefore(pruned.plus(PRUNE_EVERY))) {
            return;
        }
        pruned = now;
        Instant oldest = now.minus(back);
        kept.prune(oldest);
        observed.forgetBefore(oldest);
        counters.keySet()
                .forEach(key -> counters.computeIfPresent(key, (k, counter) -> {
                    boolean used = counter.use(now).since(oldest);
                    return used ? counter : null;
                }));
        written.keySet().retainAll(counters.keySet());
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writeLast();
        if (loop != null) {
            loop.ended();
        }
        EvidenceStore kept = store;
        if (kept != null) {
            kept.close();
        }
    }
}
