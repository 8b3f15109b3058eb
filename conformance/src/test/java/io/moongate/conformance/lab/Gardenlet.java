package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a seed's gardenlet: every two seconds it applies its own version of Istio's objects and of what it says in
 * its Shoots' status, and notes what somebody else has made of them since. Its rules are written down here once more, and
 * share nothing with ours.
 */
public final class Gardenlet implements AutoCloseable {
    private static final Path SHAPES = Path.of("..", "plan", "src", "test", "served");
    private static final String MANAGER = "gardenlet";
    private static final String API = "core.gardener.cloud/v1beta1";
    private static final String CARE = "APIServerAvailable";
    private static final String CONSTRAINT = "UsesUnifiedHTTPProxyPort";
    private static final String ANOTHER = "HibernationPossible";
    private static final String THEN = "2026-01-01T00:00:00Z";
    private static final int EVERY_SECONDS = 2;
    /** What goes with the gate, beside the Service's port. */
    private static final Set<String> LEGACY =
            Set.of("http-connect", "reversed-vpn", "http-connect-listener", "proxy-protocol-vpn");

    private final KubernetesClient client;
    private final String seed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, String> versions = new LinkedHashMap<>();
    /** By shoot, what was said at the end of the last turn. */
    private final Map<String, List<String>> said = new ConcurrentHashMap<>();

    private final Map<String, String> declared = new ConcurrentHashMap<>();
    private final Queue<String> touched = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Throwable failure;
    private List<HasMetadata> objects = List.of();
    private @Nullable Release release;
    private int turns;

    /** What its objects look like. On this seed, load balancers send PROXY headers. */
    public enum Release {
        BOTH_PORTS("v1.130.4", "gardenlet-1.130-proxy"),
        GATE_ON("v1.144.2", "gardenlet-1.148-proxy"),
        NO_GATE("v1.148.0", "gardenlet-1.148-proxy"),
        WITHOUT_LEGACY_PORT("v1.148.0", "gardenlet-1.148-proxy");

        private final String version;
        private final String shape;

        Release(String version, String shape) {
            this.version = version;
            this.shape = shape;
        }
    }

    public Gardenlet(Cluster cluster, String seed) {
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
        this.seed = seed;
        thread.scheduleWithFixedDelay(this::turn, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * As a process that begins: with {@code RemoveHTTPProxyLegacyPort} it refuses to, while a shoot would need the port. Its
     * objects are there when this returns.
     */
    public synchronized void start(Release next) throws IOException {
        if (next == Release.WITHOUT_LEGACY_PORT && !refuses().isEmpty()) {
            throw new IllegalStateException("gardenlet does not start: not all shoots use the unified port");
        }
        List<HasMetadata> before = objects;
        before.forEach(this::note);
        release = next;
        objects = load(next);
        List<String> kept = objects.stream().map(Gardenlet::nameOf).toList();
        // As its resource manager does.
        before.stream().filter(object -> !kept.contains(nameOf(object))).forEach(object -> {
            versions.remove(nameOf(object));
            client.resource(object).delete();
        });
        writeSeed(next);
        apply();
    }

    private List<HasMetadata> load(Release of) throws IOException {
        String text = Files.readString(SHAPES.resolve(of.shape).resolve("objects.yaml"));
        boolean legacy = of != Release.WITHOUT_LEGACY_PORT;
        if (!legacy) {
            text = text.replaceAll(" *- \\{name: tls-tunnel[^\n]*\n", "")
                    .replace(",{\"protocol\":\"TCP\",\"port\":8132}", "");
        }
        return read(text).stream()
                .filter(object ->
                        legacy || !LEGACY.contains(object.getMetadata().getName()))
                .toList();
    }

    private List<HasMetadata> read(String manifests) {
        return client.load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                .items();
    }

    /** What users and Gardener's other parts write: it asks again where an API server is not ready, other than kubectl. */
    public void create(String manifests) {
        read(manifests)
                .forEach(object -> client.resource(object).fieldManager("lab").serverSideApply());
    }

    /** As its Seed has it. */
    public synchronized String version() {
        return Objects.requireNonNull(release).version;
    }

    /** Into the Seed that it looks after. */
    private void writeSeed(Release now) {
        client.genericKubernetesResources(API, "Seed")
                .withName(seed)
                .subresource("status")
                .patch(as(PatchType.JSON_MERGE), """
                        {"status": {"gardener": {"id": "x", "name": "gardenlet-0", "version": "%s"}}}
                        """.formatted(now.version));
    }

    /** Deploys the shoot's clients, which it declares from then on where they use the unified port. */
    public synchronized void reconcile(String shoot, boolean unified) {
        operation(shoot, "Reconcile", "Succeeded");
        if (unified) {
            declared.put(shoot, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        care(shoot);
    }

    public synchronized void operation(String shoot, String type, String state) {
        status(shoot, """
                {"lastOperation": {"type": "%s", "state": "%s", "progress": 100}}
                """.formatted(type, state));
    }

    /** What else it writes when it picks a shoot up. */
    public synchronized void status(String shoot, String status) {
        patch(shoot, PatchType.JSON_MERGE, status);
    }

    /** The shoots for which it would not start without the legacy port. */
    public List<String> refuses() {
        return shoots().list().getItems().stream()
                .filter(Gardenlet::mustDeclare)
                .filter(shoot -> entries(shoot, "constraints").stream()
                        .noneMatch(e -> CONSTRAINT.equals(e.get("type")) && "True".equals(e.get("status"))))
                .map(shoot -> Garden.NAMESPACE + "/" + shoot.getMetadata().getName())
                .sorted()
                .toList();
    }

    private static boolean mustDeclare(GenericKubernetesResource shoot) {
        Object workers = shoot.get("spec", "provider", "workers");
        Map<String, Object> last = shoot.get("status", "lastOperation");
        if (!(workers instanceof List<?> list) || list.isEmpty() || last == null) {
            return false;
        }
        boolean comesOrGoes = List.of("Create", "Delete").contains(String.valueOf(last.get("type")));
        return !comesOrGoes || "Succeeded".equals(last.get("state"));
    }

    /** What somebody else has changed of what is gardenlet's. */
    public List<String> touched() {
        if (failure != null) {
            throw new AssertionError("the stand-in for gardenlet", failure);
        }
        return List.copyOf(touched);
    }

    /** How often it has written all that is its own. */
    public synchronized int turns() {
        return turns;
    }

    private synchronized void turn() {
        try {
            if (release != null) {
                objects.forEach(this::note);
                apply();
                shoots().list()
                        .getItems()
                        .forEach(shoot -> care(shoot.getMetadata().getName()));
                turns++;
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    private void apply() {
        for (HasMetadata object : objects) {
            HasMetadata written = client.resource(object)
                    .fieldManager(MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            versions.put(nameOf(object), written.getMetadata().getResourceVersion());
        }
    }

    private void note(HasMetadata object) {
        HasMetadata live = client.resource(object).get();
        String known = versions.get(nameOf(object));
        if (known != null && (live == null || !known.equals(live.getMetadata().getResourceVersion()))) {
            touched.add(nameOf(object) + ": "
                    + (live == null
                            ? "is gone"
                            : live.getMetadata().getManagedFields().toString()));
        }
    }

    /** Its conditions and constraints, each by its type; what it said last has to be there. */
    private void care(String shoot) {
        var live = shoots().withName(shoot).get();
        List<String> before = said.get(shoot);
        if (before != null && !before.equals(own(live))) {
            touched.add("Shoot " + shoot + ": " + own(live) + " instead of " + before);
        }
        String since = declared.get(shoot);
        String constraint = since == null ? "" : """
                , {"type": "%s", "status": "True", "reason": "ShootUsesUnifiedHTTPProxyPort",
                   "message": "Shoot uses http-proxy port 8443 for VPN",
                   "lastTransitionTime": "%2$s", "lastUpdateTime": "%2$s"}
                """.formatted(CONSTRAINT, since);
        patch(shoot, PatchType.STRATEGIC_MERGE, """
                {"conditions": [{"type": "%s", "status": "True", "message": "turn %d"}],
                 "constraints": [{"type": "%s", "status": "True", "lastTransitionTime": "%s"}%s]}
                """.formatted(CARE, turns, ANOTHER, THEN, constraint));
        said.put(shoot, own(shoots().withName(shoot).get()));
    }

    private static List<String> own(GenericKubernetesResource shoot) {
        var own = new ArrayList<String>();
        for (String list : List.of("conditions", "constraints")) {
            entries(shoot, list).stream()
                    .filter(e -> List.of(CARE, ANOTHER).contains(e.get("type"))
                            || "ShootUsesUnifiedHTTPProxyPort".equals(e.get("reason")))
                    .map(e -> new TreeMap<>(e).toString())
                    .sorted()
                    .forEach(own::add);
        }
        own.add(String.valueOf(shoot.<Object>get("status", "lastOperation")));
        return own;
    }

    private static List<Map<String, Object>> entries(GenericKubernetesResource shoot, String list) {
        List<Map<String, Object>> entries = shoot.get("status", list);
        return entries == null ? List.of() : entries;
    }

    private void patch(String shoot, PatchType type, String status) {
        said.remove(shoot);
        shoots().withName(shoot).subresource("status").patch(as(type), "{\"status\": " + status + "}");
    }

    private static PatchContext as(PatchType type) {
        return new PatchContext.Builder()
                .withPatchType(type)
                .withFieldManager(MANAGER)
                .build();
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            shoots() {
        return client.genericKubernetesResources(API, "Shoot").inNamespace(Garden.NAMESPACE);
    }

    private static String nameOf(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new KubernetesClientException("the stand-in for gardenlet does not end");
        }
        client.close();
    }
}
