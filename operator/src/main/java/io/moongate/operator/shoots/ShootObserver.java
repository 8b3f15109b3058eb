package io.moongate.operator.shoots;

import static java.util.stream.Collectors.toSet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moongate.model.condition.Components;
import io.moongate.model.landscape.Shoot;
import io.moongate.plan.translate.shoot.ShootObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the proxy components of one shoot. Remembers which pods were Ready once: a pod itself does not say. */
final class ShootObserver {
    private final Set<String> readyOnce = new HashSet<>();
    private final Map<String, Instant> missingSince = new HashMap<>();

    /**
     * What one look shows.
     *
     * @param mounted names of the ConfigMaps that pods in the namespace use
     */
    record Look(Components.Seen seen, Set<String> mounted) {}

    /** @param unifiedPort by which the unified configuration is known */
    Look look(KubernetesClient client, Shoot shoot, int unifiedPort, Instant now) {
        Set<String> nodes = client.nodes().list().getItems().stream()
                .filter(ShootObserver::counts)
                .map(n -> n.getMetadata().getName())
                .collect(toSet());
        var maps = new HashMap<String, Optional<ConfigMap>>();
        var configuration = new PodConfiguration(
                unifiedPort,
                name -> maps.computeIfAbsent(name, n -> Optional.ofNullable(configMap(client, n)))
                        .orElse(null));
        var pods = new ArrayList<Components.Pod>();
        var mounted = new HashSet<String>();
        for (Pod pod : client.pods().inNamespace(ShootObjects.NAMESPACE).list().getItems()) {
            mounted.addAll(configMapsOf(pod));
            Optional<String> component = componentOf(pod);
            if (component.isPresent() && nodes.contains(pod.getSpec().getNodeName())) {
                pods.add(see(pod, component.get(), configuration.isUnified(component.get(), pod.getSpec())));
            }
        }
        addMissing(pods, shoot, nodes, now);
        return new Look(new Components.Seen(pods), mounted);
    }

    private static List<String> configMapsOf(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(v -> v.getConfigMap() != null)
                .map(v -> v.getConfigMap().getName())
                .toList();
    }

    private static @Nullable ConfigMap configMap(KubernetesClient client, String name) {
        return client.configMaps()
                .inNamespace(ShootObjects.NAMESPACE)
                .withName(name)
                .get();
    }

    private static boolean counts(Node node) {
        boolean unschedulable = Boolean.TRUE.equals(node.getSpec().getUnschedulable());
        return !unschedulable
                && node.getStatus() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static Optional<String> componentOf(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null || pod.getSpec().getNodeName() == null) {
            return Optional.empty();
        }
        String name = pod.getMetadata().getName();
        return List.of(PodConfiguration.VPN, PodConfiguration.PROXY).stream()
                .filter(c -> name.startsWith(c + "-"))
                .findFirst();
    }

    private Components.Pod see(Pod pod, String component, boolean unified) {
        Optional<PodCondition> ready = pod.getStatus().getConditions().stream()
                .filter(c -> c.getType().equals("Ready"))
                .findFirst();
        boolean isReady = ready.filter(c -> c.getStatus().equals("True")).isPresent();
        if (isReady) {
            readyOnce.add(pod.getMetadata().getUid());
        }
        Optional<Instant> since = isReady
                ? Optional.empty()
                : Optional.of(Instant.parse(ready.map(PodCondition::getLastTransitionTime)
                        .orElseGet(() -> pod.getMetadata().getCreationTimestamp())));
        return new Components.Pod(
                component,
                pod.getMetadata().getName(),
                pod.getSpec().getNodeName(),
                unified,
                readyOnce.contains(pod.getMetadata().getUid()),
                since);
    }

    /** What should be there and is not is a pod that has never been Ready: without it nothing is complete. */
    private void addMissing(List<Components.Pod> pods, Shoot shoot, Set<String> nodes, Instant now) {
        var missing = new HashSet<String>();
        if (!nodes.isEmpty() && pods.stream().noneMatch(p -> p.component().equals(PodConfiguration.VPN))) {
            missing.add("");
        }
        if (!shoot.traits().withoutDns()) {
            missing.addAll(nodes);
            pods.stream()
                    .filter(p -> p.component().equals(PodConfiguration.PROXY))
                    .forEach(p -> missing.remove(p.node()));
        }
        missingSince.keySet().retainAll(missing);
        for (String node : missing) {
            Instant since = missingSince.computeIfAbsent(node, n -> now);
            String component = node.isEmpty() ? PodConfiguration.VPN : PodConfiguration.PROXY;
            pods.add(new Components.Pod(
                    component, "no pod", node.isEmpty() ? "any" : node, true, false, Optional.of(since)));
        }
    }
}
