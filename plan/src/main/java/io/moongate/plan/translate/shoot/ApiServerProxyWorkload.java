package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.ComponentSettings;
import io.moongate.model.plan.ApiServerProxyPlan;
import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.ApiServerProxyBootstrap;
import io.moongate.plan.translate.Objects;
import java.util.Map;

/**
 * The API server proxy on each node: Envoy on the advertised address, which has an interface of its own, because on
 * {@code lo} it clashed with others (upstream's bug 14440). It listens on the host's ports, so the old pod of a node
 * ends before the new one starts: node by node.
 */
final class ApiServerProxyWorkload {
    static final String NAME = "apiserver-proxy";

    private static final String INTERFACE = "apiserver-proxy";
    private static final Map<String, Object> LABELS = map("app", "kubernetes", "role", NAME);

    private ApiServerProxyWorkload() {}

    static ClusterObject of(ApiServerProxyPlan proxy, ComponentSettings.ApiServerProxy settings, String configuration) {
        return Objects.own(
                "apps/v1",
                "DaemonSet",
                ShootObjects.NAMESPACE,
                NAME,
                map(
                        "spec",
                        map(
                                "revisionHistoryLimit",
                                1,
                                "selector",
                                map("matchLabels", LABELS),
                                "updateStrategy",
                                map("type", "RollingUpdate", "rollingUpdate", map("maxUnavailable", 1, "maxSurge", 0)),
                                "template",
                                map("metadata", map("labels", LABELS), "spec", pod(proxy, settings, configuration)))));
    }

    private static Map<String, Object> pod(
            ApiServerProxyPlan proxy, ComponentSettings.ApiServerProxy settings, String configuration) {
        return map(
                "automountServiceAccountToken",
                false,
                "hostNetwork",
                true,
                "dnsPolicy",
                "Default",
                "priorityClassName",
                "system-node-critical",
                "terminationGracePeriodSeconds",
                2,
                "tolerations",
                list(map("operator", "Exists")),
                "initContainers",
                list(address(proxy.advertisedIp(), settings.addressImage())),
                "containers",
                list(envoy(settings.image())),
                "volumes",
                list(map("name", "configuration", "configMap", map("name", configuration))));
    }

    /** A bridge without ports where the kernel has no dummy interfaces; after a restart the interface is there. */
    private static Map<String, Object> address(String ip, String image) {
        String add =
                "{ ip link add %1$s type dummy || ip link add %1$s type bridge; } 2>/dev/null || true; ip link set %1$s up; ip addr replace %2$s/%3$d dev %1$s"
                        .formatted(INTERFACE, ip, ip.contains(":") ? 128 : 32);
        return map(
                "name",
                "address",
                "image",
                image,
                "imagePullPolicy",
                "IfNotPresent",
                "command",
                list("sh", "-c", add),
                "securityContext",
                Security.of("NET_ADMIN"));
    }

    private static Map<String, Object> envoy(String image) {
        return map(
                "name",
                "proxy",
                "image",
                image,
                "imagePullPolicy",
                "IfNotPresent",
                "command",
                list(
                        "envoy",
                        "-c",
                        "/srv/apiserver-proxy/apiserver-proxy.yaml",
                        "--concurrency",
                        "2",
                        "--use-dynamic-base-id"),
                "ports",
                list(map(
                        "name",
                        "metrics",
                        "containerPort",
                        ApiServerProxyBootstrap.STATUS_PORT,
                        "hostPort",
                        ApiServerProxyBootstrap.STATUS_PORT,
                        "protocol",
                        "TCP")),
                "readinessProbe",
                map(
                        "httpGet",
                        map("path", "/ready", "port", ApiServerProxyBootstrap.STATUS_PORT),
                        "periodSeconds",
                        1,
                        "failureThreshold",
                        3),
                "resources",
                map("requests", map("cpu", "20m", "memory", "40Mi"), "limits", map("memory", "500Mi")),
                "securityContext",
                Security.of("NET_BIND_SERVICE"),
                "volumeMounts",
                list(map("name", "configuration", "mountPath", "/srv/apiserver-proxy", "readOnly", true)));
    }
}
