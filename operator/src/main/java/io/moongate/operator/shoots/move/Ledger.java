package io.moongate.operator.shoots.move;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.moongate.manifest.write.Trees;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ClusterObject;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which shoots failed to move, and why: in a ConfigMap of the seed, beside the Lease, so that neither a restart nor
 * another replica tries a failed shoot again before a person has said so.
 */
public final class Ledger {
    private final KubernetesClient seed;
    private final String namespace;
    private final String name;

    public Ledger(KubernetesClient seed, String namespace, String seedName) {
        this.seed = seed;
        this.namespace = namespace;
        this.name = "moongate-failed-moves-" + seedName;
    }

    Map<ShootKey, String> read() {
        var failures = new TreeMap<ShootKey, String>();
        ConfigMap map = seed.configMaps().inNamespace(namespace).withName(name).get();
        if (map != null && map.getData() != null) {
            map.getData().forEach((key, why) -> {
                int dot = key.indexOf('.');
                if (dot > 0) {
                    failures.put(new ShootKey(key.substring(0, dot), key.substring(dot + 1)), why);
                }
            });
        }
        return failures;
    }

    /** @param why null removes the entry */
    void write(ShootKey shoot, @Nullable String why) {
        var data = new HashMap<String, @Nullable String>();
        // A namespace has no dot: the first one parts the two names.
        data.put(shoot.namespace() + "." + shoot.name(), why);
        var one = seed.configMaps().inNamespace(namespace).withName(name);
        if (one.get() == null) {
            if (why == null) {
                return;
            }
            var empty = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .addToLabels(ClusterObject.MANAGED_BY, ClusterObject.MOONGATE)
                    .endMetadata()
                    .build();
            seed.configMaps().inNamespace(namespace).resource(empty).create();
        }
        one.patch(PatchContext.of(PatchType.JSON_MERGE), Trees.json(Map.of("data", data)));
    }
}
