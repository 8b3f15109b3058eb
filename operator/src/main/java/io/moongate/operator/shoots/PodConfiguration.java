package io.moongate.operator.shoots;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.moongate.model.destination.Entrance;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a pod runs the unified configuration: by what it was started with, not by what its owner says now. */
public final class PodConfiguration {
    public static final String VPN = "vpn-shoot";
    public static final String PROXY = "apiserver-proxy";

    private static final String PORT_VARIABLE = "OPENVPN_PORT";
    private static final String HEADER_VARIABLE = "REVERSED_VPN_HEADER_KEY";

    private final String port;
    private final Pattern proxyPort;
    private final Function<String, @Nullable ConfigMap> configMaps;

    /** @param configMaps by name, of the pods' namespace; null where there is none */
    public PodConfiguration(int unifiedPort, Function<String, @Nullable ConfigMap> configMaps) {
        this.port = Integer.toString(unifiedPort);
        this.proxyPort = Pattern.compile("\\bport_value[\"']?\\s*:\\s*[\"']?" + unifiedPort + "\\b");
        this.configMaps = configMaps;
    }

    /** @param component {@link #VPN} or {@link #PROXY} */
    public boolean isUnified(String component, PodSpec pod) {
        return component.equals(VPN) ? vpn(pod) : proxy(pod);
    }

    /** One container, or with HA one for each server. */
    private boolean vpn(PodSpec pod) {
        List<Container> clients = pod.getContainers().stream()
                .filter(c -> c.getName().startsWith(VPN))
                .toList();
        return !clients.isEmpty()
                && clients.stream()
                        .allMatch(c -> port.equals(variable(c, PORT_VARIABLE))
                                && Entrance.UNIFIED.header().equals(variable(c, HEADER_VARIABLE)));
    }

    private static @Nullable String variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(e -> e.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Its Envoy's bootstrap is in a ConfigMap that never changes under its name. */
    private boolean proxy(PodSpec pod) {
        return pod.getVolumes().stream()
                .map(Volume::getConfigMap)
                .filter(source -> source != null && source.getName() != null)
                .map(source -> configMaps.apply(source.getName()))
                .filter(map -> map != null && map.getData() != null)
                .flatMap(map -> map.getData().values().stream())
                .anyMatch(text -> proxyPort.matcher(text).find());
    }
}
