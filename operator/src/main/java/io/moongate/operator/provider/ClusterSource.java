package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.model.landscape.Service;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.ObjectTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one cluster holds of the kinds that Moongate reads, kept current by watches. Only the fields that are used are
 * kept. An object that cannot be read keeps its last good form and becomes a problem; nothing else suffers.
 */
public final class ClusterSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSource.class);
    /** Objects of one answer, which is in memory as a whole; Gardener's Shoots have ten kilobytes and more. */
    private static final long PAGE = 500;
    /** Until an object that could not be read beside the watch is read again. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final String cluster;
    private final KubernetesClient client;
    private final Runnable changed;
    private final TakenObjects good;
    private final Map<ObjectRef, List<Problem>> failures = new ConcurrentHashMap<>();
    private final Map<String, String> lastFailure = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final Semaphore reading = new Semaphore(1);
    private final Duration retry;
    private volatile boolean closed;

    private record Watched(WatchedKind kind, NamesOnly names) {}

    /**
     * @param cluster {@code garden} or {@code seed}: what problems name
     * @param changed called on the client's threads whenever what is here may lead to another plan
     */
    public ClusterSource(String cluster, KubernetesClient client, Runnable changed) {
        this(cluster, client, changed, InputLimits.ofProcess().objects().most(), RETRY);
    }

    /** @param most objects that are kept */
    ClusterSource(String cluster, KubernetesClient client, Runnable changed, int most, Duration retry) {
        this.cluster = cluster;
        this.client = client;
        this.changed = changed;
        this.good = new TakenObjects(cluster, most);
        this.retry = retry;
    }

    /** Begins to watch; returns at once. */
    public void watch(Collection<WatchedKind> kinds) {
        for (WatchedKind kind : kinds) {
            var informer = client.genericKubernetesResources(kind.context())
                    .inAnyNamespace()
                    .withLabelSelector(kind.labelSelector())
                    .withLimit(PAGE)
                    .runnableInformer(0);
            var names = new NamesOnly(kind::wants, object -> take(kind, object), object -> drop(kind.refOf(object)));
            watched.put(kind.kind(), new Watched(kind, names));
            informer.itemStore(names);
            informer.addEventHandler(new ListEvents(changed));
            informer.exceptionHandler((started, failure) -> {
                String why = String.valueOf(failure.getMessage());
                if (!why.equals(lastFailure.put(kind.kind(), why))) {
                    LOG.warn("the {} cannot be watched for {} now, it is tried again: {}", cluster, kind.kind(), why);
                }
                return true;
            });
            informer.start();
            informers.add(informer);
        }
    }

    /** Whether all kinds have been listed once: until then what is here says nothing about what is not. */
    public boolean complete() {
        return !informers.isEmpty() && informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    public Collection<Manifest> objects() {
        return good.all();
    }

    /** Whether this Service has this port; empty where there is no such Service. */
    public Optional<Boolean> leadsTo(int port, String namespace, String service) {
        return Optional.ofNullable(good.get(new ObjectRef("Service", namespace, service)))
                .map(m -> m instanceof Manifest.OfService(Service s)
                        && s.tcpPorts().stream().anyMatch(p -> p.number() == port));
    }

    /** As many as may be reported. */
    public List<Problem> problems() {
        return BoundedProblems.inAll(Stream.concat(
                        good.overfull().stream(), failures.values().stream().flatMap(List::stream))
                .toList());
    }

    private void take(WatchedKind kind, GenericKubernetesResource object) {
        ObjectRef ref = kind.refOf(object);
        // Items of a list come without them.
        object.setApiVersion(kind.apiVersion());
        object.setKind(kind.kind());
        var contents = read(object, ref);
        List<Problem> problems = contents.problems();
        boolean different =
                problems.isEmpty() ? failures.remove(ref) != null : !problems.equals(failures.put(ref, problems));
        if (contents.good().isEmpty()) {
            different |= good.keep(ref);
        }
        for (Manifest manifest : contents.good()) {
            different |= good.take(ref, manifest);
        }
        if (different) {
            changed.run();
        }
        readRefused();
    }

    /** Those for which there is room now: the watch shows each version once. */
    private void readRefused() {
        if (good.fitting().isPresent() && reading.tryAcquire()) {
            Thread.ofVirtual().name("read-refused-" + cluster).start(() -> {
                try {
                    good.fitting().ifPresent(this::readAgain);
                } finally {
                    reading.release();
                }
                if (!closed) {
                    readRefused();
                }
            });
        }
    }

    /** Returns when it is taken, or may be tried again. */
    private void readAgain(ObjectRef ref) {
        boolean taken = false;
        try {
            Watched of = Objects.requireNonNull(watched.get(ref.kind()));
            var all = client.genericKubernetesResources(of.kind().context());
            var object = ref.namespace().isEmpty()
                    ? all.withName(ref.name()).get()
                    : all.inNamespace(ref.namespace()).withName(ref.name()).get();
            taken = object != null && of.names().takeAgain(object);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("{} cannot be read from the {} now, it is tried again: {}", ref, cluster, e.getMessage());
        }
        if (!taken) {
            good.later(ref);
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(retry);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the client's threads, which carry the whole watch: whatever throws costs this object alone. */
    private ManifestReader.Contents read(GenericKubernetesResource object, ObjectRef ref) {
        try {
            return ManifestReader.read(cluster, ObjectTree.of(client, object));
        } catch (RuntimeException | StackOverflowError e) {
            var problem = Problem.of(
                    Problem.Code.INVALID_VALUE,
                    ref,
                    "the object cannot be taken (" + e + "); its last good form stays in force",
                    "change it, and report this as a defect");
            return ManifestReader.Contents.failed(List.of(problem));
        }
    }

    private void drop(ObjectRef ref) {
        failures.remove(ref);
        if (good.drop(ref)) {
            changed.run();
        }
        readRefused();
    }

    @Override
    public void close() {
        closed = true;
        informers.forEach(SharedIndexInformer::stop);
    }
}
