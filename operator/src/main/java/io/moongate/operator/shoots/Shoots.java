package io.moongate.operator.shoots;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.condition.Condition;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** All shoots of the seed: checks those that are due, a bounded number at once, each on a virtual thread. */
public final class Shoots implements AutoCloseable {
    private static final int AT_ONCE = 10;

    private final ShootAccess access;
    private final ConditionWriter writer;
    private final Events events;
    private final Map<ShootKey, ShootWatch> watches = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE);

    public Shoots(KubernetesClient garden, KubernetesClient seed) {
        this.access = new ShootAccess(seed);
        this.writer = new ConditionWriter(garden);
        this.events = new Events(garden);
    }

    /**
     * The shoots for which this seed is responsible.
     *
     * @param wanted those whose clients are to use the unified port
     */
    public void update(List<Shoot> shoots, Set<ShootKey> wanted, int unifiedPort) {
        var known = new HashSet<ShootKey>();
        for (Shoot shoot : shoots) {
            known.add(shoot.key());
            var target = new ShootWatch.Target(shoot, wanted.contains(shoot.key()), unifiedPort);
            watches.compute(shoot.key(), (key, watch) -> {
                if (watch == null) {
                    return new ShootWatch(access, writer, events, target);
                }
                watch.update(target);
                return watch;
            });
        }
        watches.keySet().retainAll(known);
    }

    /** Starts what is due and finds a place; returns at once. */
    public void checkDue(Instant now) {
        for (ShootWatch watch : watches.values()) {
            if (watch.isDue(now) && places.tryAcquire()) {
                watch.claim();
                threads.execute(() -> {
                    try {
                        watch.check();
                    } finally {
                        places.release();
                    }
                });
            }
        }
    }

    /** How many shoots have the condition, by reason. */
    public Map<String, Long> byReason() {
        var counts = new TreeMap<String, Long>();
        for (ShootWatch watch : watches.values()) {
            watch.target()
                    .shoot()
                    .adoption()
                    .condition()
                    .map(Condition::reason)
                    .ifPresent(reason -> counts.merge(reason.name(), 1L, Long::sum));
        }
        return counts;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
