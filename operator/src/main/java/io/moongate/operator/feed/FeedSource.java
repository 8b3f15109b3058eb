package io.moongate.operator.feed;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.manifest.ManifestSource;
import io.moongate.manifest.file.LastGood;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.model.removal.LegacyPort;
import io.moongate.operator.provider.Changes;
import io.moongate.operator.provider.Clients;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.operator.provider.WatchedKind;
import io.moongate.operator.removal.PublishedLegacyPort;
import io.moongate.operator.removal.PublishedLegacyPort.Decided;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A seed as our gateway sees it: shoots and configuration from the operator's feed, Services and EndpointSlices from the
 * seed itself, so that a control plane that moves is followed also while the operator is away. A part of the feed that
 * is gone or broken keeps its last good form: the operator empties it when it means that.
 */
public final class FeedSource implements ManifestSource, AutoCloseable {
    /** With something to start from, so long the API server is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String namespace;
    private final String service;
    private final String seed;
    private final boolean hasLastGood;
    private final KubernetesClient client;
    private final SharedIndexInformer<ConfigMap> feed;
    private final PublishedLegacyPort legacyPort;
    private final ClusterSource endpoints;
    private final Changes changes = new Changes();
    private final Map<String, Part> parts = new HashMap<>();
    private @Nullable Instant firstLook;
    private volatile @Nullable Instant closedSince;
    private Snapshot snapshot;

    /** One ConfigMap of the feed, as far as it could be read. */
    private record Part(
            String resourceVersion, List<Manifest> good, List<Problem> problems, boolean hidesConfiguration) {}

    /**
     * @param kubeconfig empty: the cluster in which this runs
     * @param service the gateways' own, in the same namespace as the feed
     * @param held what was last good before a restart, by its place
     */
    public FeedSource(
            Optional<Path> kubeconfig,
            String namespace,
            String service,
            String seed,
            Map<String, List<Manifest>> held) {
        this.namespace = namespace;
        this.service = service;
        this.seed = seed;
        this.client = Clients.of(kubeconfig);
        this.hasLastGood = !held.isEmpty();
        this.snapshot = new Snapshot(LastGood.landscape(held), held, List.of());
        this.feed = FeedWriter.watch(client, namespace, seed, changes::signal);
        this.legacyPort = new PublishedLegacyPort(client, namespace, seed, changes::signal);
        this.endpoints = new ClusterSource("seed", client, changes::signal);
        endpoints.watch(WatchedKind.ofSeed(Set.of(service)));
    }

    @Override
    public Look look(Instant now) {
        Instant since = firstLook == null ? now : firstLook;
        firstLook = since;
        boolean complete =
                feed.hasSynced() && legacyPort.hasSynced() && endpoints.complete() && (hasFeed() || hasLastGood);
        if (!complete) {
            boolean tired = hasLastGood && !now.isBefore(since.plus(PATIENCE));
            return new Look(tired ? away(snapshot) : snapshot, false, tired);
        }
        Optional<Snapshot> assembled = changes.take(this::assemble);
        snapshot = assembled.orElse(snapshot);
        return new Look(snapshot, assembled.isPresent(), true);
    }

    /**
     * What has been decided about it; a removal counts once the Service leads nobody there any more, so that no load
     * balancer sends clients to a closed door.
     *
     * @param port its number
     */
    public LegacyPort legacyPort(int port) {
        Decided decided = legacyPort.decided();
        boolean closed = decided.port().isClosed()
                && (decided.since().equals(closedSince)
                        || !endpoints.leadsTo(port, namespace, service).orElse(false));
        // Whoever puts the port back into the Service now opens nothing.
        closedSince = closed ? decided.since() : null;
        return closed ? decided.port() : LegacyPort.Open;
    }

    private boolean hasFeed() {
        return feed.getStore().list().stream()
                .anyMatch(map -> FeedWriter.orEmpty(map.getData()).containsKey(FeedFormat.CONFIGURATION_KEY));
    }

    private Snapshot away(Snapshot known) {
        var problem = Problem.general(
                Problem.Code.SOURCE_AWAY,
                "the seed's API server, or the feed of seed " + seed
                        + " in it, cannot be read; the last good stays in force",
                "see whether the operator runs and the gateway may list ConfigMaps, Services and EndpointSlices");
        return new Snapshot(known.landscape(), known.objects(), List.of(problem));
    }

    private Snapshot assemble() {
        var problems = new ArrayList<Problem>();
        List<ConfigMap> maps = feed.getStore().list();
        for (ConfigMap map : maps) {
            Part known = parts.get(map.getMetadata().getName());
            if (known == null
                    || !known.resourceVersion().equals(map.getMetadata().getResourceVersion())) {
                parts.put(map.getMetadata().getName(), read(map, known, roomBeside(known)));
            }
        }
        parts.forEach((name, part) -> {
            problems.addAll(part.problems());
            if (maps.stream().noneMatch(map -> map.getMetadata().getName().equals(name))) {
                problems.add(Problem.of(
                        Problem.Code.SOURCE_AWAY,
                        new ObjectRef("ConfigMap", "", name),
                        "this part of the feed is gone; all it held stays in force",
                        "start the operator, which writes it again"));
            }
        });
        problems.addAll(endpoints.problems());
        var objects = new HashMap<String, List<Manifest>>();
        parts.forEach((name, part) -> objects.put(name, part.good()));
        objects.put("seed", List.copyOf(endpoints.objects()));
        Optional<Problem> hidden = parts.values().stream()
                .filter(Part::hidesConfiguration)
                .flatMap(part -> part.problems().stream())
                .findFirst();
        return new Snapshot(LastGood.landscape(objects), objects, problems, hidden);
    }

    /** For how many objects of one part there is memory. */
    private int roomBeside(@Nullable Part known) {
        int all = parts.values().stream().mapToInt(part -> part.good().size()).sum();
        int others = all - (known == null ? 0 : known.good().size());
        return InputLimits.ofProcess().objects().most() - others;
    }

    private static Part read(ConfigMap map, @Nullable Part known, int room) {
        String name = map.getMetadata().getName();
        var ref = new ObjectRef("ConfigMap", map.getMetadata().getNamespace(), name);
        String version = map.getMetadata().getResourceVersion();
        try {
            ManifestReader.Contents contents = FeedFormat.read(
                    name, FeedWriter.orEmpty(map.getData()), FeedWriter.orEmpty(map.getBinaryData()), room);
            List<Problem> problems =
                    contents.problems().stream().map(p -> p.about(ref)).toList();
            List<Manifest> good = known == null || contents.failures().isEmpty() ? contents.good() : known.good();
            return new Part(version, good, problems, contents.hidesConfiguration());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            var problem = Problem.of(
                    Problem.Code.UNREADABLE_FILE,
                    ref,
                    "this part of the feed cannot be read (" + e.getMessage() + "); all it held stays in force",
                    "let the operator write it again: delete it");
            return new Part(version, known == null ? List.of() : known.good(), List.of(problem), true);
        }
    }

    @Override
    public void close() {
        feed.stop();
        legacyPort.close();
        endpoints.close();
        client.close();
    }
}
