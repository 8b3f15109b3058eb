package io.moongate.operator.seed;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.manifest.write.Trees;
import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.Plan;
import io.moongate.model.problem.ObjectRef;
import io.moongate.model.problem.Problem;
import io.moongate.operator.apply.Applier;
import io.moongate.operator.apply.RawRequests;
import io.moongate.operator.provider.ClusterSource;
import io.moongate.operator.removal.PublishedLegacyPort.Decided;
import io.moongate.plan.translate.istio.IstioObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Service of our own gateways, where {@code target} is Gateway. When the legacy port has been removed it loses that
 * port, and only then the gateways close it; when it has been restored and they listen again, it gets back the very entry
 * that it had. An owner who has taken the port out himself puts it back himself.
 */
public final class GatewayService {
    /** On the Service: the entry of its ports that was taken out, as JSON. */
    static final String WITHDRAWN = "moongate.io/withdrawn-legacy-port";

    private static final Logger LOG = LoggerFactory.getLogger(GatewayService.class);

    private final RawRequests seed;
    private final ListenerCheck listeners;
    private final Applier.Writes writes;
    private final String namespace;
    private final String name;

    public GatewayService(KubernetesClient seed, String namespace, String name, Applier.Writes writes) {
        this.seed = new RawRequests(seed);
        this.listeners = new ListenerCheck(seed);
        this.writes = writes;
        this.namespace = namespace;
        this.name = name;
    }

    /** @return what could not be, or has to wait */
    public List<Problem> follow(Plan plan, Decided decided, ClusterSource known) {
        int port = IstioObjects.port(plan, Entrance.LEGACY);
        if (isAsDecided(port, decided, known)) {
            return List.of();
        }
        try {
            Map<String, Object> service = seed.read(path());
            return decided.port().isClosed() ? withdraw(service, port) : putBack(service, port);
        } catch (KubernetesClientException e) {
            return List.of(problem(
                    Problem.Code.APPLY_FAILED,
                    "its legacy port could not be taken out or put back: " + e.getMessage(),
                    "see whether the operator may patch it, or do it yourself"));
        }
    }

    /** What {@link #follow} would write now. */
    public List<Applier.Change> preview(Plan plan, Decided decided, ClusterSource known) {
        if (isAsDecided(IstioObjects.port(plan, Entrance.LEGACY), decided, known)
                || (!decided.port().isClosed() && withdrawn(seed.read(path())).isEmpty())) {
            return List.of();
        }
        return List.of(new Applier.Change("update", "Service " + namespace + "/" + name));
    }

    /** As far as that is known without a request; also where there is no such Service. */
    private boolean isAsDecided(int port, Decided decided, ClusterSource known) {
        boolean open = !decided.port().isClosed();
        return decided.equals(Decided.NOTHING)
                || known.leadsTo(port, namespace, name).orElse(open) == open;
    }

    private List<Problem> withdraw(Map<String, Object> service, int port) {
        List<?> ports = portsOf(service);
        int index = indexOf(ports, port);
        if (index < 0) {
            return List.of();
        }
        var operations = new ArrayList<Map<String, Object>>();
        operations.add(Map.of("op", "remove", "path", "/spec/ports/" + index));
        String entry = Trees.json(ports.get(index));
        Optional<Map<?, ?>> annotations = annotationsOf(service);
        operations.add(
                annotations.isPresent()
                        ? Map.of("op", "add", "path", annotation(), "value", entry)
                        : Map.of("op", "add", "path", "/metadata/annotations", "value", Map.of(WITHDRAWN, entry)));
        patch(service, operations);
        LOG.info("took port {} out of Service {}/{}", port, namespace, name);
        return List.of();
    }

    private List<Problem> putBack(Map<String, Object> service, int port) {
        Optional<String> entry = withdrawn(service);
        if (entry.isEmpty() || indexOf(portsOf(service), port) >= 0) {
            return List.of();
        }
        if (!listeners.listens(namespace, name, port)) {
            return List.of(problem(
                    Problem.Code.WAITING_FOR_LISTENER,
                    "its pods do not listen on the legacy port yet; the Service's port waits for that",
                    "see whether the gateways' pods are ready"));
        }
        patch(
                service,
                List.of(
                        Map.of("op", "add", "path", "/spec/ports/-", "value", seed.parse(entry.get())),
                        Map.of("op", "remove", "path", annotation())));
        LOG.info("put port {} back into Service {}/{}", port, namespace, name);
        return List.of();
    }

    private void patch(Map<String, Object> read, List<Map<String, Object>> changes) {
        Object version = read.get("metadata") instanceof Map<?, ?> meta ? meta.get("resourceVersion") : "";
        var operations = new ArrayList<Map<String, Object>>();
        operations.add(Map.of("op", "test", "path", "/metadata/resourceVersion", "value", String.valueOf(version)));
        operations.addAll(changes);
        seed.send("PATCH", path(), "application/json-patch+json", Trees.json(operations));
        writes.wrote("Service", "update");
    }

    private String path() {
        return "/api/v1/namespaces/" + namespace + "/services/" + name;
    }

    private static String annotation() {
        return "/metadata/annotations/" + WITHDRAWN.replace("/", "~1");
    }

    private static Optional<Map<?, ?>> annotationsOf(Map<String, Object> service) {
        return service.get("metadata") instanceof Map<?, ?> meta && meta.get("annotations") instanceof Map<?, ?> all
                ? Optional.of(all)
                : Optional.empty();
    }

    private static Optional<String> withdrawn(Map<String, Object> service) {
        return annotationsOf(service).map(all -> all.get(WITHDRAWN)).map(Object::toString);
    }

    private static List<?> portsOf(Map<String, Object> service) {
        return service.get("spec") instanceof Map<?, ?> spec && spec.get("ports") instanceof List<?> ports
                ? ports
                : List.of();
    }

    private static int indexOf(List<?> ports, int port) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i) instanceof Map<?, ?> entry
                    && entry.get("port") instanceof Number number
                    && number.intValue() == port) {
                return i;
            }
        }
        return -1;
    }

    private Problem problem(Problem.Code code, String what, String remedy) {
        return Problem.of(code, new ObjectRef("Service", namespace, name), what, remedy);
    }
}
