package io.moongate.operator.feed;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.manifest.read.Manifest;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.config.Ownership;
import io.moongate.model.config.Target;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.operator.provider.ConfigMapWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a seed's feed as it should be; what is as it should be is not written. It is also the operator's memory of the
 * shoots that it has planned, whatever the target.
 */
public final class FeedWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedWriter.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String seed;
    private final Applier.Writes writes;
    private final SharedIndexInformer<ConfigMap> live;

    /** @param changed called when somebody changes the feed */
    public FeedWriter(KubernetesClient client, String namespace, String seed, Applier.Writes writes, Runnable changed) {
        this.client = client;
        this.namespace = namespace;
        this.seed = seed;
        this.writes = writes;
        this.live = watch(client, namespace, seed, changed);
    }

    static SharedIndexInformer<ConfigMap> watch(
            KubernetesClient client, String namespace, String seed, Runnable changed) {
        return ConfigMapWatch.start(client, namespace, FeedFormat.LABEL, seed, changed);
    }

    /** Whether what is there is known. */
    public boolean hasSynced() {
        return live.hasSynced();
    }

    /** The shoots that the feed holds; what cannot be read of it holds none. */
    public List<Shoot> shoots() {
        var shoots = new ArrayList<Shoot>();
        for (ConfigMap map : live.getStore().list()) {
            try {
                FeedFormat.read(map.getMetadata().getName(), orEmpty(map.getData()), orEmpty(map.getBinaryData()))
                        .good()
                        .forEach(manifest -> {
                            if (manifest instanceof Manifest.OfShoot(Shoot shoot)) {
                                shoots.add(shoot);
                            }
                        });
            } catch (IOException | RuntimeException | StackOverflowError e) {
                LOG.warn("ConfigMap {}: {}", map.getMetadata().getName(), e.getMessage());
            }
        }
        return shoots;
    }

    /** What is not in order is a problem; in Observe, and where no gateway reads it, not even that. */
    public List<Problem> write(MoongateConfiguration configuration, List<Shoot> shoots) {
        var problems = new ArrayList<Problem>();
        boolean observed = configuration.ownership().seed() == Ownership.Mode.Observe;
        if (observed && configuration.target() != Target.Gateway) {
            return problems;
        }
        if (!live.hasSynced()) {
            problems.add(Problem.general(
                    Problem.Code.WATCH_INCOMPLETE,
                    "the gateways' feed in namespace " + namespace + " cannot be watched yet; it is not written",
                    "see whether the operator may list ConfigMaps there"));
            return problems;
        }
        differing(configuration, shoots)
                .forEach(object -> write(object, configuration.ownership().seed(), problems));
        return problems;
    }

    /** What a write would change. */
    public List<ClusterObject> differing(MoongateConfiguration configuration, List<Shoot> shoots) {
        return FeedFormat.objects(namespace, seed, configuration, shoots).stream()
                .filter(object -> !isSame(object, live.getStore().getByKey(namespace + "/" + object.name())))
                .toList();
    }

    private void write(ClusterObject object, Ownership.Mode mode, List<Problem> problems) {
        var ref = new ObjectRef(object.kind(), object.namespace(), object.name());
        if (mode == Ownership.Mode.Observe) {
            problems.add(Problem.of(
                    Problem.Code.OWNER_MUST_ACT,
                    ref,
                    "the gateways' feed is not what the plan says",
                    "set ownership.seed to Manage, so that the operator writes it"));
            return;
        }
        try {
            ServerSideApply.apply(client, object, true);
            writes.wrote(object.kind(), "apply");
            LOG.info("wrote {}", object);
        } catch (KubernetesClientException e) {
            problems.add(Problem.of(
                    Problem.Code.APPLY_FAILED,
                    ref,
                    "could not be written: " + e.getMessage(),
                    "see the API server's answer"));
        }
    }

    private static boolean isSame(ClusterObject wanted, @Nullable ConfigMap found) {
        return found != null
                && wanted.tree().getOrDefault("data", Map.of()).equals(orEmpty(found.getData()))
                && wanted.tree().getOrDefault("binaryData", Map.of()).equals(orEmpty(found.getBinaryData()));
    }

    static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    @Override
    public void close() {
        live.stop();
    }
}
