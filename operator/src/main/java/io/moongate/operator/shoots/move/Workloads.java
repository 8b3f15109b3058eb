package io.moongate.operator.shoots.move;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.condition.Components;
import io.moongate.model.plan.ClusterObject;
import io.moongate.operator.ObjectTree;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.Contested;
import io.moongate.operator.apply.Owner;
import io.moongate.operator.apply.ServerSideApply;
import io.moongate.operator.apply.Trees;
import io.moongate.operator.shoots.PodConfiguration;
import io.moongate.plan.rollout.MoveRules.Part;
import io.moongate.plan.translate.shoot.ShootObjects;
import io.moongate.plan.translate.shoot.ShootObjects.Component;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The components of one shoot in its cluster: how they are, and how they become what they should be. */
final class Workloads {
    private static final Logger LOG = LoggerFactory.getLogger(Workloads.class);

    private final KubernetesClient client;
    private final PodConfiguration ports;
    private final Contested contested;
    private final Applier.Writes writes;

    Workloads(KubernetesClient client, int unifiedPort, Contested contested, Applier.Writes writes) {
        this.client = client;
        this.ports = new PodConfiguration(unifiedPort, this::configMap);
        this.contested = contested;
        this.writes = writes;
    }

    /** Somebody else has put a component there; it is left alone. */
    static final class Foreign extends Exception {
        private static final long serialVersionUID = 1;

        Foreign(String message) {
            super(message);
        }
    }

    Part vpnClient(Optional<Component> wanted, boolean unified) throws Foreign {
        return wanted.isEmpty()
                ? Part.NOT_NEEDED
                : compare(PodConfiguration.VPN, wanted.get(), unified, Workloads::isComplete);
    }

    /** Judged by its pods on nodes that count: what the DaemonSet says includes nodes that are away. */
    Part apiServerProxy(Optional<Component> wanted, boolean unified, Components.Seen seen) throws Foreign {
        return wanted.isEmpty()
                ? Part.NOT_NEEDED
                : compare(
                        PodConfiguration.PROXY,
                        wanted.get(),
                        unified,
                        live -> isObserved(live)
                                && seen.all().stream()
                                        .filter(p -> p.component().equals(PodConfiguration.PROXY))
                                        .allMatch(p -> p.unified() == unified
                                                && p.notReadySince().isEmpty()));
    }

    private interface Completeness {
        boolean isComplete(Map<String, Object> live);
    }

    private Part compare(String component, Component wanted, boolean unified, Completeness completeness)
            throws Foreign {
        Optional<GenericKubernetesResource> found = ServerSideApply.get(client, wanted.workload());
        if (found.isEmpty()) {
            return Part.ABSENT;
        }
        Optional<String> other = Owner.otherOf(found.get());
        if (other.isPresent()) {
            throw new Foreign(wanted.workload() + " belongs to '" + other.get() + "'; it is not written");
        }
        Map<String, Object> live = ObjectTree.of(client, found.get());
        boolean onOtherPort = ports.isUnified(component, podOf(live)) != unified;
        boolean same = Trees.contains(live.get("spec"), wanted.workload().tree().get("spec"))
                && ServerSideApply.get(client, wanted.configuration()).isPresent();
        if (onOtherPort || !same) {
            Optional<String> insisting = contested.insisting(wanted.workload().toString(), found.get(), Instant.now());
            if (insisting.isPresent()) {
                throw new Foreign(wanted.workload() + " is changed back again and again by '" + insisting.get() + "'");
            }
            return onOtherPort ? Part.ON_OTHER_PORT : Part.DIFFERENT;
        }
        return completeness.isComplete(live) ? Part.DONE : Part.ROLLING;
    }

    private @Nullable ConfigMap configMap(String name) {
        return client.configMaps()
                .inNamespace(ShootObjects.NAMESPACE)
                .withName(name)
                .get();
    }

    private PodSpec podOf(Map<String, Object> workload) {
        Object template = at(at(workload, "spec"), "template");
        return client.getKubernetesSerialization().convertValue(at(template, "spec"), PodSpec.class);
    }

    private static Object at(@Nullable Object tree, String key) {
        Object value = tree instanceof Map<?, ?> map ? map.get(key) : null;
        return value == null ? Map.of() : value;
    }

    private static long number(@Nullable Object tree, String key) {
        return tree instanceof Map<?, ?> map && map.get(key) instanceof Number number ? number.longValue() : 0;
    }

    private static boolean isObserved(Map<String, Object> live) {
        return number(at(live, "status"), "observedGeneration") >= number(at(live, "metadata"), "generation");
    }

    /** Deployment and StatefulSet alike: every replica is a new one, and Ready; no old one is left. */
    private static boolean isComplete(Map<String, Object> live) {
        long wanted = number(at(live, "spec"), "replicas");
        Object status = at(live, "status");
        return isObserved(live)
                && number(status, "replicas") == wanted
                && number(status, "updatedReplicas") == wanted
                && number(status, "readyReplicas") == wanted;
    }

    /** The configuration first: a pod that waits for it would count as a failed start. */
    void apply(Component component) {
        for (ClusterObject object : List.of(component.configuration(), component.workload())) {
            ServerSideApply.apply(client, object, true);
            writes.wrote(object.kind(), "apply");
        }
    }

    /**
     * Deletes what is ours and neither wanted nor in use: a VPN client from before HA was switched, and configuration.
     *
     * @return whether nothing is left to delete later
     */
    boolean removeLeftovers(ShootObjects wanted, Set<String> mounted) {
        boolean all = wanted.formerVpnClient().map(this::removeIfOurs).orElse(true);
        for (ConfigMap map : client.configMaps()
                .inNamespace(ShootObjects.NAMESPACE)
                .withLabel(ClusterObject.MANAGED_BY, ClusterObject.MOONGATE)
                .withLabel(ShootObjects.COMPONENT)
                .list()
                .getItems()) {
            String name = map.getMetadata().getName();
            boolean isWanted = wanted.all().stream().anyMatch(o -> o.name().equals(name));
            if (!isWanted && mounted.contains(name)) {
                all = false;
            } else if (!isWanted) {
                client.configMaps()
                        .inNamespace(ShootObjects.NAMESPACE)
                        .withName(name)
                        .delete();
                writes.wrote("ConfigMap", "delete");
                LOG.debug("deleted ConfigMap {}, which no pod uses any more", name);
            }
        }
        return all;
    }

    /** Whether it was gone already: as long as it was not, its pods use its configuration. */
    private boolean removeIfOurs(ClusterObject object) {
        Optional<GenericKubernetesResource> found =
                ServerSideApply.get(client, object).filter(Owner::isOurs);
        found.ifPresent(live -> {
            client.genericKubernetesResources(ServerSideApply.context(object.apiVersion(), object.kind()))
                    .inNamespace(object.namespace())
                    .withName(object.name())
                    .delete();
            writes.wrote(object.kind(), "delete");
            LOG.info("deleted {}, which another kind has replaced", object);
        });
        return found.isEmpty();
    }
}
