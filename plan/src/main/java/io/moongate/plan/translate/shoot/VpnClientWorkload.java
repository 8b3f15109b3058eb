package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.ComponentSettings;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.ShootPlan;
import io.moongate.model.plan.VpnClientPlan;
import io.moongate.plan.translate.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The VPN client: one pod in a Deployment, or with HA two in a StatefulSet, each with a container per server. A
 * StatefulSet changes its members one after the other, each Ready before the next; the Deployment starts the new pod
 * before it ends the old one, so that no image is pulled while nobody is connected.
 */
final class VpnClientWorkload {
    static final String NAME = "vpn-shoot";

    private static final String DEPLOYMENT = "Deployment";
    private static final String STATEFUL_SET = "StatefulSet";
    private static final int HA_REPLICAS = 2;
    private static final String SELECTOR = "app";
    private static final Map<String, Object> LABELS = map(SELECTOR, NAME);

    private VpnClientWorkload() {}

    /** The same client for the other kind of shoot, with or without HA: two kinds of one name do not replace each other. */
    static ClusterObject otherKindOf(ClusterObject workload) {
        String kind = workload.kind().equals(STATEFUL_SET) ? DEPLOYMENT : STATEFUL_SET;
        return new ClusterObject(workload.apiVersion(), kind, workload.namespace(), workload.name(), Map.of());
    }

    static ClusterObject of(ShootPlan shoot, ComponentSettings components, String configuration) {
        ComponentSettings.VpnClient settings = components.vpnClient();
        boolean ha = shoot.vpnClients().size() > 1;
        var containers = new ArrayList<Object>();
        for (int i = 0; i < shoot.vpnClients().size(); i++) {
            containers.add(
                    container(ha ? NAME + "-s" + i : NAME, shoot.vpnClients().get(i), settings));
        }
        var pod = pod(containers, settings, configuration);
        shoot.vpnClients().stream()
                .flatMap(vpn -> vpn.gardener().stream())
                .findFirst()
                .ifPresent(vpn -> {
                    pod.put("initContainers", list(GardenerVpnPod.setup(vpn, settings)));
                    if (vpn.highlyAvailable()) {
                        containers.add(GardenerVpnPod.paths(vpn, components.probeImage()));
                    }
                });
        var template = map("metadata", map("labels", LABELS), "spec", pod);
        return ha
                ? workload(
                        STATEFUL_SET,
                        HA_REPLICAS,
                        template,
                        map(
                                "serviceName",
                                NAME,
                                "podManagementPolicy",
                                "Parallel",
                                "updateStrategy",
                                map("type", "RollingUpdate")))
                : workload(
                        DEPLOYMENT,
                        1,
                        template,
                        map(
                                "strategy",
                                map(
                                        "type",
                                        "RollingUpdate",
                                        "rollingUpdate",
                                        map("maxSurge", 1, "maxUnavailable", 0))));
    }

    private static ClusterObject workload(
            String kind, int replicas, Map<String, Object> template, Map<String, Object> more) {
        var spec = map(
                "replicas",
                replicas,
                "revisionHistoryLimit",
                1,
                "selector",
                map("matchLabels", LABELS),
                "template",
                template);
        spec.putAll(more);
        return Objects.own("apps/v1", kind, ShootObjects.NAMESPACE, NAME, map("spec", spec));
    }

    private static Map<String, Object> pod(
            List<Object> containers, ComponentSettings.VpnClient settings, String configuration) {
        return map(
                "automountServiceAccountToken",
                false,
                "priorityClassName",
                "system-cluster-critical",
                "terminationGracePeriodSeconds",
                5,
                "affinity",
                map(
                        "podAntiAffinity",
                        map(
                                "preferredDuringSchedulingIgnoredDuringExecution",
                                list(map(
                                        "weight",
                                        100,
                                        "podAffinityTerm",
                                        map(
                                                "topologyKey",
                                                "kubernetes.io/hostname",
                                                "labelSelector",
                                                map("matchLabels", LABELS)))))),
                "containers",
                containers,
                "volumes",
                list(
                        map("name", "configuration", "configMap", map("name", configuration)),
                        settings.forGardener()
                                ? GardenerVpnPod.keys(settings)
                                : map(
                                        "name",
                                        "tls",
                                        "secret",
                                        map("secretName", settings.secret(), "defaultMode", 0400)),
                        map("name", "tun", "hostPath", map("path", "/dev/net/tun", "type", "CharDevice"))));
    }

    /** The variables are those of upstream's image; ours reads the file. They also say what the pod was started with. */
    private static Map<String, Object> container(String name, VpnClientPlan vpn, ComponentSettings.VpnClient settings) {
        String member = vpn.destination().server().service().substring("vpn-seed-server".length());
        String device = "tun" + vpn.number();
        return map(
                "name",
                name,
                "image",
                settings.image(),
                "imagePullPolicy",
                "IfNotPresent",
                "command",
                command("/srv/vpn/vpn-client" + member + ".ovpn", vpn, device),
                "env",
                list(
                        variable("ENDPOINT", vpn.dial().host()),
                        variable("OPENVPN_PORT", Integer.toString(vpn.dial().port())),
                        variable("REVERSED_VPN_HEADER", vpn.destination().headerValue()),
                        variable(
                                "REVERSED_VPN_HEADER_KEY", vpn.dial().entrance().header())),
                // The device is there as long as the client has been connected once.
                "readinessProbe",
                map(
                        "exec",
                        map(
                                "command",
                                vpn.gardener()
                                        .filter(GardenerVpn::highlyAvailable)
                                        .map(g -> GardenerVpnPod.isOpen(vpn))
                                        .orElse(list("test", "-d", "/sys/class/net/" + device))),
                        "periodSeconds",
                        1,
                        "failureThreshold",
                        3),
                "resources",
                map("requests", map("cpu", "20m", "memory", "20Mi"), "limits", map("memory", "200Mi")),
                "securityContext",
                Security.of("NET_ADMIN"),
                "volumeMounts",
                list(
                        map("name", "configuration", "mountPath", "/srv/vpn", "readOnly", true),
                        map("name", "tls", "mountPath", "/srv/tls", "readOnly", true),
                        map("name", "tun", "mountPath", "/dev/net/tun")));
    }

    /** A server of Gardener's form comes with a device of its own in the file. */
    private static List<Object> command(String file, VpnClientPlan vpn, String device) {
        var command = new ArrayList<Object>(List.of("openvpn", "--cd", "/srv/tls", "--config", file));
        if (vpn.gardener().isEmpty()) {
            command.addAll(List.of("--dev", device, "--dev-type", "tun"));
        }
        return command;
    }

    private static Map<String, Object> variable(String name, String value) {
        return map("name", name, "value", value);
    }
}
