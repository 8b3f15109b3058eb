package io.moongate.operator.shoots;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.moongate.manifest.write.Trees;
import io.moongate.model.condition.Adoption;
import io.moongate.model.condition.Condition;
import io.moongate.model.landscape.ShootKey;
import io.moongate.operator.apply.ServerSideApply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes our two entries of a Shoot's status and never another. Where the Shoot is a resource of our own definition its
 * lists are maps by type, and server-side apply owns just ours; Gardener's own API server knows a merge key instead, and
 * apply would replace the list: there a strategic merge patch names the one element.
 */
final class ConditionWriter {
    private static final String API_VERSION = "core.gardener.cloud/v1beta1";
    private static final String DEFINITION = "shoots.core.gardener.cloud";
    private static final ResourceDefinitionContext SHOOT = ServerSideApply.context(API_VERSION, "Shoot");

    private final KubernetesClient garden;
    private Optional<Boolean> listMap = Optional.empty();

    ConditionWriter(KubernetesClient garden) {
        this.garden = garden;
    }

    void write(ShootKey shoot, Adoption adoption) {
        var one = garden.genericKubernetesResources(SHOOT)
                .inNamespace(shoot.namespace())
                .withName(shoot.name())
                .subresource("status");
        if (hasListMaps()) {
            var context = new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager(ServerSideApply.FIELD_MANAGER)
                    .withForce(true)
                    .build();
            one.patch(context, Trees.json(applied(shoot, adoption)));
        } else {
            one.patch(PatchContext.of(PatchType.STRATEGIC_MERGE), Trees.json(merged(adoption)));
        }
    }

    private synchronized boolean hasListMaps() {
        if (listMap.isEmpty()) {
            listMap = Optional.of(garden.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(DEFINITION)
                            .get()
                    != null);
        }
        return listMap.get();
    }

    /** What is not in it any more, and was ours, goes. */
    private static Map<String, Object> applied(ShootKey shoot, Adoption adoption) {
        var status = new LinkedHashMap<String, Object>();
        adoption.condition().ifPresent(c -> status.put("conditions", List.of(entry(Condition.TYPE, c))));
        adoption.constraint().ifPresent(c -> status.put("constraints", List.of(entry(Condition.CONSTRAINT, c))));
        return Map.of(
                "apiVersion",
                API_VERSION,
                "kind",
                "Shoot",
                "metadata",
                Map.of("name", shoot.name(), "namespace", shoot.namespace()),
                "status",
                status);
    }

    private static Map<String, Object> merged(Adoption adoption) {
        return Map.of(
                "status",
                Map.of(
                        "conditions",
                        List.of(element(Condition.TYPE, adoption.condition())),
                        "constraints",
                        List.of(element(Condition.CONSTRAINT, adoption.constraint()))));
    }

    private static Map<String, Object> element(String type, Optional<Condition> condition) {
        return condition.map(c -> entry(type, c)).orElseGet(() -> Map.of("$patch", "delete", "type", type));
    }

    private static Map<String, Object> entry(String type, Condition condition) {
        return Map.of(
                "type", type,
                "status", condition.status().name(),
                "reason", condition.reason().name(),
                "message", condition.message(),
                "lastTransitionTime", condition.lastTransitionTime().toString(),
                "lastUpdateTime", condition.lastUpdateTime().toString());
    }
}
