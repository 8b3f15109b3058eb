package io.moongate.adoption.accesslog;

import io.moongate.model.destination.Entrance;
import io.moongate.model.landscape.GatewayPod;
import io.moongate.model.net.Addresses;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which access logs are told now, and by whom. Safe for use by all threads. */
final class Logs {
    private final Map<Log, Integer> streams = new ConcurrentHashMap<>();

    /**
     * One access log of one Envoy; each of its threads has a stream of it.
     *
     * @param node as it names itself; Istio's are {@code router~ADDRESS~POD.NAMESPACE~DOMAIN}, and so are our gateways'
     * @param address from where it tells; empty where that is no address
     */
    record Log(String node, Optional<InetAddress> address, Entrance entrance) {
        /** By either: between them can be what changes addresses. */
        boolean isOf(GatewayPod pod) {
            String[] parts = node.split("~", -1);
            return address.filter(pod.addresses()::contains).isPresent()
                    || parts.length > 2
                            && (pod.name().equals(parts[2])
                                    || Addresses.parse(parts[1])
                                            .filter(pod.addresses()::contains)
                                            .isPresent());
        }
    }

    /** Whether it is the first stream of this log. */
    boolean begin(Log log) {
        return streams.merge(log, 1, Integer::sum) == 1;
    }

    /** Whether it was the last one. */
    boolean end(Log log) {
        return streams.merge(log, -1, (a, b) -> a + b == 0 ? null : a + b) == null;
    }

    /** Whether its node is known, or so many nodes are not reached. */
    boolean hasRoomFor(Log log, int mostNodes) {
        return streams.containsKey(log) || envoys() < mostNodes;
    }

    long envoys() {
        return streams.keySet().stream().map(Log::node).distinct().count();
    }

    boolean has(GatewayPod pod, Entrance entrance) {
        return streams.keySet().stream().anyMatch(log -> log.entrance() == entrance && log.isOf(pod));
    }
}
