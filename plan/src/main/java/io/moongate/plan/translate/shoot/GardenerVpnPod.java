package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.list;
import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.ComponentSettings;
import io.moongate.model.plan.GardenerVpn;
import io.moongate.model.plan.VpnClientPlan;
import io.moongate.plan.translate.ShootFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the VPN client's pod has besides, where its servers are of Gardener's form. */
final class GardenerVpnPod {
    private static final String SHARED_KEY = "vpn.tlsauth";

    private GardenerVpnPod() {}

    /** Both Secrets in one folder: OpenVPN's working directory. */
    static Map<String, Object> keys(ComponentSettings.VpnClient settings) {
        return map(
                "name",
                "tls",
                "projected",
                map(
                        "defaultMode",
                        0400,
                        "sources",
                        list(
                                map("secret", map("name", settings.secret())),
                                map(
                                        "secret",
                                        map(
                                                "name",
                                                settings.tlsAuthSecret(),
                                                "items",
                                                list(map("key", SHARED_KEY, "path", SHARED_KEY)))))));
    }

    /** Privileged, because it turns forwarding on: the files for that are read-only in any other container. */
    static Map<String, Object> setup(GardenerVpn vpn, ComponentSettings.VpnClient settings) {
        var container = map(
                "name",
                "setup",
                "image",
                settings.image(),
                "imagePullPolicy",
                "IfNotPresent",
                "command",
                list("sh", "/srv/vpn/" + ShootFiles.VPN_SETUP),
                "resources",
                map("requests", map("cpu", "20m", "memory", "20Mi"), "limits", map("memory", "100Mi")),
                "securityContext",
                map("privileged", true),
                "volumeMounts",
                list(
                        map("name", "configuration", "mountPath", "/srv/vpn", "readOnly", true),
                        map("name", "tun", "mountPath", "/dev/net/tun")));
        if (vpn.highlyAvailable()) {
            // Its last number is the client's, and the address on the bond.
            container.put(
                    "env",
                    list(map("name", "POD_NAME", "valueFrom", map("fieldRef", map("fieldPath", "metadata.name")))));
        }
        return container;
    }

    /** The seed's clients say where they are, and answers go there. */
    static Map<String, Object> paths(GardenerVpn vpn, String image) {
        var arguments = new ArrayList<Object>(List.of("vpn-paths"));
        vpn.seedPods().ifPresent(pods -> arguments.addAll(List.of("--seed-pods", pods.toString())));
        var security = Security.of("NET_ADMIN");
        security.put("runAsUser", 0);
        return map(
                "name",
                "tunnel-controller",
                "image",
                image,
                "imagePullPolicy",
                "IfNotPresent",
                "args",
                arguments,
                "resources",
                map("requests", map("cpu", "10m", "memory", "80Mi"), "limits", map("memory", "256Mi")),
                "securityContext",
                security);
    }

    /** The device is there before the client; it has a carrier while a client that has been connected holds it open. */
    static List<Object> isOpen(VpnClientPlan vpn) {
        return list("sh", "-c", "test \"$(cat /sys/class/net/tap" + vpn.number() + "/carrier)\" = 1");
    }
}
