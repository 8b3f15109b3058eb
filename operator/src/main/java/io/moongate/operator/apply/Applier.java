package io.moongate.operator.apply;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.model.config.Ownership;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.plan.served.Served;
import io.moongate.plan.served.ServerRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a seed's objects what they should be: one server-side apply for all kinds. What is as it should be is not
 * written; what another owner manages is never written; what is ours and not wanted any more goes. One is made for each
 * pass.
 */
public final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
    private static final int CONFLICT = 409;
    private static final int AT_ONCE = 16;

    private final KubernetesClient client;
    private final Live live;
    private final Ownership.Mode mode;
    private final Contested contested;
    private final Writes writes;
    private final Map<String, Optional<GenericKubernetesResource>> found = new ConcurrentHashMap<>();
    private final List<Problem> problems = Collections.synchronizedList(new ArrayList<>());
    private final List<Advice> advice = Collections.synchronizedList(new ArrayList<>());
    private final List<Change> unwritten = Collections.synchronizedList(new ArrayList<>());

    /**
     * What would be written.
     *
     * @param verb {@code create}, {@code update} or {@code delete}
     * @param object kind, namespace and name
     */
    public record Change(String verb, String object) {}

    /** Told of each write: {@code create}, {@code update}, {@code delete}. */
    public interface Writes {
        void wrote(String kind, String verb);
    }

    public Applier(KubernetesClient client, Live live, Ownership.Mode mode, Contested contested, Writes writes) {
        this.client = client;
        this.live = live;
        this.mode = mode;
        this.contested = contested;
        this.writes = writes;
    }

    /** What could not be, or what an owner has to do, so far. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** What of others' objects is weaker than planned, or cannot be judged, so far; of many some. */
    public List<Advice> advice() {
        return Advice.some(
                advice.stream().sorted(Comparator.comparing(Advice::toString)).toList(),
                Optional.empty(),
                more -> more + " more about DestinationRules are not listed");
    }

    /** What was not written because the mode is Observe, so far. */
    public List<Change> unwritten() {
        return List.copyOf(unwritten);
    }

    /** Whether it is there and somebody else's: then it will not be written, whatever the plan says. */
    public boolean belongsToAnother(ClusterObject object) {
        return find(object).flatMap(Owner::otherOf).isPresent();
    }

    /** Whether it is missing, or not as it is to be. */
    public boolean differs(ClusterObject object) {
        return find(object).filter(found -> isSame(object, found)).isEmpty();
    }

    /** Objects that are ours alone, some at once: ten thousand shoots are ten thousand objects. */
    public void apply(Collection<ClusterObject> objects) {
        List<ClusterObject> differing = objects.stream()
                .filter(object -> live.known(object)
                        .filter(found -> isSame(object, found))
                        .isEmpty())
                .toList();
        var places = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(differing.stream()
                            .map(object -> CompletableFuture.runAsync(() -> applyOneOfSome(object, places), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    private void applyOneOfSome(ClusterObject object, Semaphore places) {
        places.acquireUninterruptibly();
        try {
            guarded(object, () -> applyOwn(object));
        } finally {
            places.release();
        }
    }

    /** Fields of an object that is somebody else's. */
    public void applyPart(ClusterObject object) {
        guarded(object, () -> applyFields(object));
    }

    /**
     * Takes a port of ours out of a Service that is somebody else's.
     *
     * @param rest what of it stays ours
     * @return whether the port is out
     */
    public boolean withdrawPort(ClusterObject rest, int port) {
        var out = new AtomicBoolean();
        guarded(rest, () -> out.set(withdraw(rest, port)));
        return out.get();
    }

    private boolean withdraw(ClusterObject rest, int port) {
        Optional<GenericKubernetesResource> service = find(rest);
        if (service.isEmpty()
                || !Trees.contains(specOf(service.get()), Map.of("ports", List.of(Map.of("port", port))))) {
            return true;
        }
        boolean ours =
                Owner.hasApplied(service.get(), "f:spec", "f:ports", "k:{\"port\":" + port + ",\"protocol\":\"TCP\"}");
        boolean anothers = Owner.markedOf(service.get()).isPresent();
        if (ours && !anothers && mode == Ownership.Mode.Manage) {
            write(rest, "update", false);
            return false;
        }
        if (mode == Ownership.Mode.Observe) {
            unwritten.add(new Change("update", rest.toString()));
        }
        problems.add(mustAct(
                refOf(rest),
                "still leads clients to port " + port + ", which has been removed; its listener stays as long",
                anothers
                        ? "its owner takes the port out, gardenlet with its feature gate RemoveHTTPProxyLegacyPort"
                        : "take the port out of it"));
        return false;
    }

    /** The object as it is, whosever it is. */
    public Optional<ClusterObject> asItIs(ClusterObject object) {
        return find(object)
                .map(found -> new ClusterObject(
                        object.apiVersion(), object.kind(), object.namespace(), object.name(), live.treeOf(found)));
    }

    /**
     * Deletes what carries our label and is not among {@code wanted}; those that are held back are.
     *
     * @param which what this pass is about: other objects with our label are another pass's
     */
    public void prune(Collection<ClusterObject> wanted, Predicate<ObjectRef> which) {
        Set<String> kept = wanted.stream().map(ClusterObject::toString).collect(toSet());
        for (GenericKubernetesResource object : live.ours()) {
            var meta = object.getMetadata();
            String name = Live.nameOf(object);
            ObjectRef ref = Live.refOf(object);
            if (kept.contains(name) || meta.getDeletionTimestamp() != null || !which.test(ref)) {
                continue;
            }
            if (Owner.markedOf(object).isPresent()) {
                continue;
            }
            if (mode == Ownership.Mode.Observe) {
                unwritten.add(new Change("delete", name));
                problems.add(mustAct(ref, "is not wanted any more", "delete it"));
                continue;
            }
            try {
                client.genericKubernetesResources(ServerSideApply.context(object.getApiVersion(), object.getKind()))
                        .inNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .delete();
                writes.wrote(object.getKind(), "delete");
                LOG.info("deleted {}", name);
            } catch (KubernetesClientException e) {
                problems.add(failed(ref, e));
            }
        }
    }

    private void guarded(ClusterObject object, Runnable step) {
        try {
            step.run();
        } catch (KubernetesClientException e) {
            problems.add(failed(refOf(object), e));
        }
    }

    private void applyOwn(ClusterObject object) {
        Optional<GenericKubernetesResource> found = find(object);
        boolean same = found.isPresent() && isSame(object, found.get());
        if (same) {
            return;
        }
        Optional<String> owner = found.flatMap(Owner::otherOf);
        if (found.isPresent() && owner.isPresent() && ServerRule.is(object)) {
            judge(object, ServerRule.of(object, live.treeOf(found.get())), owner.get());
            return;
        }
        Optional<String> other =
                owner.or(() -> found.flatMap(live -> contested.insisting(object.toString(), live, Instant.now())));
        if (other.isPresent()) {
            problems.add(Problem.of(
                    Problem.Code.OWNED_BY_ANOTHER,
                    refOf(object),
                    "differs from the plan, and belongs to '" + other.get() + "'; it is not written",
                    "let its owner change it as 'moongate plan --objects' shows"));
        } else if (mode == Ownership.Mode.Observe) {
            unwritten.add(new Change(found.isPresent() ? "update" : "create", object.toString()));
            problems.add(mustAct(
                    refOf(object),
                    found.isPresent() ? "differs from the plan" : "is missing",
                    "apply it as 'moongate plan --objects' shows"));
        } else {
            write(object, found.isPresent() ? "update" : "create", true);
        }
    }

    private void judge(ClusterObject object, Served served, String owner) {
        advice.addAll(served.advice());
        if (!served.missing().isEmpty()) {
            problems.add(Problem.of(
                    Problem.Code.OWNED_BY_ANOTHER,
                    refOf(object),
                    "belongs to '" + owner + "', and is not written; " + String.join("; ", served.missing()),
                    "let its owner change it"));
        }
    }

    private void applyFields(ClusterObject object) {
        Optional<GenericKubernetesResource> found = find(object);
        if (found.isEmpty() || Trees.contains(specOf(found.get()), object.tree().get("spec"))) {
            return;
        }
        Optional<String> other = Owner.markedOf(found.get());
        if (other.isPresent() || mode == Ownership.Mode.Observe) {
            if (other.isEmpty()) {
                unwritten.add(new Change("update", object.toString()));
            }
            problems.add(mustAct(
                    refOf(object),
                    "lacks fields that the plan needs"
                            + other.map(o -> "; it belongs to '" + o + "'").orElse(""),
                    "add them as 'moongate plan --objects' shows"));
        } else {
            write(object, "update", false);
        }
    }

    private void write(ClusterObject object, String verb, boolean force) {
        ServerSideApply.apply(client, object, force);
        writes.wrote(object.kind(), verb);
        LOG.info("{}d {}", verb, object);
    }

    private boolean isSame(ClusterObject wanted, GenericKubernetesResource found) {
        return Owner.carriesLabel(found) && Trees.same(wanted.tree().get("spec"), specOf(found));
    }

    private @Nullable Object specOf(GenericKubernetesResource object) {
        return live.treeOf(object).get("spec");
    }

    /** Asked for once in a pass: what is not ours costs a request. */
    private Optional<GenericKubernetesResource> find(ClusterObject object) {
        return found.computeIfAbsent(object.toString(), name -> live.find(object));
    }

    private static ObjectRef refOf(ClusterObject object) {
        return new ObjectRef(object.kind(), object.namespace(), object.name());
    }

    private static Problem mustAct(ObjectRef ref, String what, String remedy) {
        return Problem.of(Problem.Code.OWNER_MUST_ACT, ref, what, remedy);
    }

    private static Problem failed(ObjectRef ref, KubernetesClientException e) {
        boolean conflict = e.getCode() == CONFLICT;
        return Problem.of(
                conflict ? Problem.Code.OWNED_BY_ANOTHER : Problem.Code.APPLY_FAILED,
                ref,
                conflict
                        ? "another field manager holds the fields that the plan needs: " + e.getMessage()
                        : "could not be written: " + e.getMessage(),
                conflict
                        ? "let its owner give them up or set them as the plan has them"
                        : "see the API server's answer");
    }
}
