package io.moongate.plan.served;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.moongate.model.problem.Advice;
import io.moongate.model.problem.ObjectRef;
import io.moongate.plan.translate.LiveTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the Service leads a port. istiod opens the port of the pods to which the Service leads the Gateway's, and
 * EnvoyFilters go by that one.
 *
 * @param listenerPort of the pods
 */
record ServicePort(int listenerPort, List<String> missing, List<Advice> advice) {
    private static final String WORLD_PORTS = "networking.resources.gardener.cloud/from-world-to-ports";
    private static final Pattern WORLD_PORT = Pattern.compile("\\{[^}]*\"port\"\\s*:\\s*\"?(\\d+)\\b[^}]*}");

    /** @param service its tree; empty where it is not known: nothing is said about it */
    static ServicePort of(Optional<Map<String, Object>> service, int port) {
        return service.map(tree -> of(tree, port)).orElse(new ServicePort(port, List.of(), List.of()));
    }

    private static ServicePort of(Map<String, Object> service, int port) {
        List<?> ports = LiveTree.list(LiveTree.at(service, "spec", "ports")).stream()
                .filter(p -> LiveTree.isNumber(LiveTree.at(p, "port"), port))
                .toList();
        Optional<?> tcp = ports.stream().filter(ServicePort::isTcp).findFirst();
        String target =
                tcp.map(p -> LiveTree.text(LiveTree.at(p, "targetPort"))).orElse("");
        if (!target.isEmpty() && !target.chars().allMatch(Character::isDigit)) {
            return new ServicePort(port, List.of(), List.of(named(service, target)));
        }
        int listenerPort = target.isEmpty() || target.equals("0") ? port : Integer.parseInt(target);
        var missing = new ArrayList<String>();
        if (tcp.isEmpty()) {
            missing.add(
                    ports.isEmpty()
                            ? "the Service does not have the port"
                            : "the Service has the port for another protocol than TCP");
        }
        String world = LiveTree.text(LiveTree.at(service, "metadata", "annotations", WORLD_PORTS));
        if (!world.isEmpty() && !lists(world, listenerPort)) {
            missing.add("the Service's annotation " + WORLD_PORTS + " does not list port " + listenerPort
                    + ", so that a NetworkPolicy drops its traffic");
        }
        return new ServicePort(listenerPort, missing, List.of());
    }

    private static boolean isTcp(Object port) {
        String protocol = LiveTree.text(LiveTree.at(port, "protocol"));
        return protocol.isEmpty() || protocol.equals("TCP");
    }

    private static Advice named(Map<String, Object> service, String target) {
        var ref = new ObjectRef(
                "Service",
                LiveTree.text(LiveTree.at(service, "metadata", "namespace")),
                LiveTree.text(LiveTree.at(service, "metadata", "name")));
        return new Advice(
                Advice.Code.CANNOT_BE_JUDGED,
                Optional.of(ref),
                "spec.ports.targetPort",
                "the port leads to " + Quoted.of(target) + ", and only the pods know which port that is");
    }

    private static boolean lists(String world, int port) {
        Matcher entry = WORLD_PORT.matcher(world);
        while (entry.find()) {
            if (entry.group(1).equals(Integer.toString(port)) && !entry.group().contains("UDP")) {
                return true;
            }
        }
        return false;
    }
}
