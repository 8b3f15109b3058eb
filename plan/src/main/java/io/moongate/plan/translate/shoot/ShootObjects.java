package io.moongate.plan.translate.shoot;

import static io.moongate.plan.translate.Tree.map;

import io.moongate.model.config.ComponentSettings;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.plan.GeneratedFile;
import io.moongate.model.plan.ShootPlan;
import io.moongate.plan.translate.Objects;
import io.moongate.plan.translate.ShootFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What runs in a shoot, as objects of its cluster.
 *
 * @param vpnClient empty for workerless shoots and while nothing is known about where to dial
 * @param apiServerProxy empty as well for shoots without DNS
 */
public record ShootObjects(Optional<Component> vpnClient, Optional<Component> apiServerProxy) {
    public static final String NAMESPACE = "kube-system";
    /** On all configuration that is ours; its value is the component's name. */
    public static final String COMPONENT = "moongate.io/component";

    private static final int HASH_BYTES = 4;

    /**
     * One component.
     *
     * @param configuration never changes under its name
     * @param workload whose pods mount it
     */
    public record Component(ClusterObject configuration, ClusterObject workload) {}

    /** @param render the text of a generated file */
    public static ShootObjects of(ShootPlan shoot, ComponentSettings settings, Function<GeneratedFile, String> render) {
        List<GeneratedFile> files = ShootFiles.of(shoot);
        return new ShootObjects(
                configuration(VpnClientWorkload.NAME, render, files.stream().filter(f -> isVpn(f)))
                        .map(c -> new Component(c, VpnClientWorkload.of(shoot, settings, c.name()))),
                shoot.apiServerProxy()
                        .flatMap(proxy -> configuration(
                                        ApiServerProxyWorkload.NAME,
                                        render,
                                        files.stream().filter(f -> !isVpn(f)))
                                .map(c -> new Component(
                                        c, ApiServerProxyWorkload.of(proxy, settings.apiServerProxy(), c.name())))));
    }

    /** In the order in which they are to be applied. */
    public List<ClusterObject> all() {
        var all = new ArrayList<ClusterObject>();
        Stream.of(vpnClient, apiServerProxy).flatMap(Optional::stream).forEach(c -> {
            all.add(c.configuration());
            all.add(c.workload());
        });
        return all;
    }

    /** What a shoot has of the VPN client from before its HA was switched on or off; its content does not matter. */
    public Optional<ClusterObject> formerVpnClient() {
        return vpnClient.map(c -> VpnClientWorkload.otherKindOf(c.workload()));
    }

    private static boolean isVpn(GeneratedFile file) {
        return file.path().endsWith(".ovpn") || file.path().endsWith(ShootFiles.VPN_SETUP);
    }

    /** An immutable ConfigMap with its content's hash in its name: a pod says by the name what it was started with. */
    private static Optional<ClusterObject> configuration(
            String component, Function<GeneratedFile, String> render, Stream<GeneratedFile> files) {
        var data = new TreeMap<String, Object>();
        files.forEach(f -> data.put(f.path().substring(f.path().indexOf('/') + 1), render.apply(f)));
        if (data.isEmpty()) {
            return Optional.empty();
        }
        String name = component + "-" + hash(data);
        return Optional.of(Objects.own(
                "v1", "ConfigMap", NAMESPACE, name, map(COMPONENT, component), map("immutable", true, "data", data)));
    }

    static String hash(Map<String, Object> data) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            data.forEach((name, text) -> digest.update((name + "\0" + text + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
