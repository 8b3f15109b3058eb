package io.moongate.operator.provider;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.LiveTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's Gateways that do not carry our label, of all namespaces, watched: a Gateway of any namespace may open a port of
 * an ingress gateway, and each shoot has one. Only what opens ports is kept of them.
 */
public final class IstioGateways implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IstioGateways.class);
    private static final WatchedKind KIND = new WatchedKind(
            "networking.istio.io",
            "v1beta1",
            "Gateway",
            "gateways",
            true,
            ClusterObject.MANAGED_BY + "!=" + ClusterObject.MOONGATE,
            Set.of());
    private static final long PAGE = 500;

    private final Runnable changed;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private final Map<String, ClusterObject> gateways = new ConcurrentHashMap<>();
    private volatile String lastFailure = "";

    /** @param changed called on the client's threads when one of them opens other ports */
    public IstioGateways(KubernetesClient client, Runnable changed) {
        this.changed = changed;
        this.informer = client.genericKubernetesResources(KIND.context())
                .inAnyNamespace()
                .withLabelSelector(KIND.labelSelector())
                .withLimit(PAGE)
                .runnableInformer(0);
        informer.itemStore(new NamesOnly(KIND::wants, this::take, this::drop));
        informer.addEventHandler(new ListEvents(changed));
        informer.exceptionHandler((started, failure) -> {
            String why = String.valueOf(failure.getMessage());
            if (!why.equals(lastFailure)) {
                lastFailure = why;
                LOG.warn("the seed cannot be watched for Istio's Gateways now, it is tried again: {}", why);
            }
            return true;
        });
        informer.start();
    }

    /** Whether they have been listed once. */
    public boolean complete() {
        return informer.hasSynced();
    }

    public List<ClusterObject> all() {
        return List.copyOf(gateways.values());
    }

    private void take(GenericKubernetesResource object) {
        ClusterObject gateway = openingPart(object);
        if (!gateway.equals(gateways.put(key(object), gateway))) {
            changed.run();
        }
    }

    private void drop(GenericKubernetesResource object) {
        if (gateways.remove(key(object)) != null) {
            changed.run();
        }
    }

    private static String key(GenericKubernetesResource object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private static ClusterObject openingPart(GenericKubernetesResource object) {
        Object spec = object.getAdditionalProperties().get("spec");
        List<Map<String, Object>> servers = LiveTree.list(LiveTree.at(spec, "servers")).stream()
                .map(IstioGateways::openingPart)
                .toList();
        var kept = new LinkedHashMap<String, Object>();
        kept.put("selector", LiveTree.map(LiveTree.at(spec, "selector")));
        kept.put("servers", servers);
        return new ClusterObject(
                KIND.apiVersion(),
                KIND.kind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName(),
                Map.of("spec", kept));
    }

    private static Map<String, Object> openingPart(Object server) {
        var kept = new LinkedHashMap<String, Object>();
        put(kept, "port", LiveTree.at(server, "port"));
        put(kept, "bind", LiveTree.at(server, "bind"));
        Object redirect = LiveTree.at(server, "tls", "httpsRedirect");
        put(kept, "tls", redirect == null ? null : Map.of("httpsRedirect", redirect));
        return kept;
    }

    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    @Override
    public void close() {
        informer.stop();
    }
}
