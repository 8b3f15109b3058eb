package io.moongate.conformance.lab;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Upstream;
import io.moongate.model.destination.Destination;
import io.moongate.model.destination.Destination.Server;
import io.moongate.model.destination.Entrance;
import io.moongate.plan.translate.LiveTree;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The cases of the judge's own tests on a real istiod and Envoy: whether the unified port does what the judge says. */
public final class JudgedCases implements AutoCloseable {
    private static final Path CASES = Path.of("../plan/src/test/served");
    private static final String FORM = "gardenlet-1.148";
    private static final int PORT = 8443;
    private static final int MARKER_PORT = 9090;
    private static final List<String> SHOOTS = List.of("shoot--foo--bar", "shoot-old");

    private final Cluster cluster;
    private final IstioSeed seed;
    private final Map<Destination, Upstream> servers = new LinkedHashMap<>();
    private int count;
    private int listenerPort = PORT;

    public JudgedCases(Cluster cluster, IstioSeed seed) throws IOException {
        this.cluster = cluster;
        this.seed = seed;
        cluster.kubectl("create", "namespace", "garden");
        for (String shoot : SHOOTS) {
            seed.controlPlane(shoot, server(new Destination(Server.KUBE_APISERVER, shoot)));
            seed.vpnServers(shoot, false, server(new Destination(Server.VPN, shoot)));
        }
    }

    private int server(Destination destination) {
        var server = Upstream.echo(cluster.outsideAddress());
        servers.put(destination, server);
        return server.port();
    }

    /** Those that a cluster can have: when an object was made is not ours to say there. */
    public static List<Path> all() throws IOException {
        var cases = new ArrayList<Path>();
        try (Stream<Path> folders = Files.list(CASES)) {
            for (Path folder : folders.sorted().toList()) {
                if (!text(folder).contains("creationTimestamp")) {
                    cases.add(folder);
                }
            }
        }
        return cases;
    }

    /** What is not as the judge says, if anything. */
    public Optional<String> check(Path folder) throws IOException, InterruptedException {
        String name = folder.getFileName().toString();
        List<String> judged = Files.readAllLines(folder.resolve("served.txt")).stream()
                .takeWhile(line -> !line.startsWith("8132"))
                .toList();
        boolean unclear = judged.stream().anyMatch(line -> line.endsWith("[CannotBeJudged]"));
        // What the Service says is not Envoy's.
        boolean missing = judged.stream().anyMatch(line -> line.contains("missing: ") && !line.contains("the Service"));
        // Of objects of other namespaces istiod's default is told, too: whether they count is a setting of its own.
        if (unclear && !missing && !name.startsWith("opened-by-a-gateway-of-another-namespace")) {
            return Optional.empty();
        }
        closed();
        Map<String, Object> objects = objects(folder);
        listenerPort = listenerPort(objects);
        cluster.applyAs("gardenlet", manifests(objects));
        try {
            soon().until(() -> seed.listeners().contains(marker()));
            if (missing) {
                soon().during(Duration.ofSeconds(1)).until(() -> !isServed(name));
            } else {
                soon().until(() -> isServed(name));
            }
            return Optional.empty();
        } catch (ConditionTimeoutException e) {
            return Optional.of(name + ": judged " + (missing ? "missing" : "served") + ", which it is not");
        }
    }

    private void closed() throws IOException {
        count++;
        cluster.kubectl("delete", "envoyfilters,gateways.networking.istio.io", "--all", "-A");
        soon().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            try (var client = new Client(address())) {
                return client.socket().isClosed();
            } catch (ConnectException e) {
                return true;
            }
        });
    }

    private boolean isServed(String name) {
        String before = name.endsWith("-proxy") ? "PROXY TCP4 192.0.2.1 192.0.2.2 1000 8443\r\n" : "";
        return servers.entrySet().stream().allMatch(to -> isServed(before, to.getKey(), to.getValue()));
    }

    /** A tunnel as OpenVPN asks for it: HTTP/1.0, one header; and bytes come through it from the right server. */
    private boolean isServed(String before, Destination destination, Upstream server) {
        int accepted = server.accepted();
        try (var client = new Client(address())) {
            client.socket().setSoTimeout(2000);
            client.send(before + "CONNECT api.example:1194 HTTP/1.0\r\n" + Entrance.UNIFIED.header() + ": "
                    + destination.headerValue() + "\r\nHost: api.example\r\n\r\n");
            String head = client.readHead();
            return head.matches("(?s)HTTP/1\\.[01] 200 .*")
                    && client.send("ping").read(4).equals("ping")
                    && server.accepted() > accepted;
        } catch (IOException e) {
            return false;
        }
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(cluster.address(), listenerPort);
    }

    private String marker() {
        return "case-" + count;
    }

    /** Last of all an object that shows when istiod has told the Envoy of everything before it. */
    private String manifests(Map<String, Object> objects) {
        return objects.values().stream()
                        .map(new Dump(DumpSettings.builder().build())::dumpToString)
                        .collect(joining("---\n"))
                // istiod leads a Gateway's port to where the Service leads it, which it knows from these.
                + IstioSeed.endpoint(cluster.address())
                        .replace("ports: [", "ports: [{name: http-proxy, port: " + listenerPort + "}, ")
                + """
                ---
                apiVersion: networking.istio.io/v1beta1
                kind: Gateway
                metadata: {name: zz-marker, namespace: %1$s}
                spec:
                  selector: {app: istio-ingressgateway, istio: ingressgateway}
                  servers: [{port: {number: %2$d, name: marker, protocol: HTTP}, hosts: [marker.example]}]
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: zz-marker, namespace: %1$s}
                spec:
                  configPatches:
                  - applyTo: LISTENER
                    match: {context: GATEWAY, listener: {portNumber: %2$d}}
                    patch: {operation: MERGE, value: {stat_prefix: %3$s}}
                """.formatted(IstioSeed.INGRESS, MARKER_PORT, marker());
    }

    private static int listenerPort(Map<String, Object> objects) {
        Object service = objects.get("Service " + IstioSeed.INGRESS + "/istio-ingressgateway");
        return LiveTree.list(LiveTree.at(service, "spec", "ports")).stream()
                .filter(port -> LiveTree.isNumber(LiveTree.at(port, "port"), PORT))
                .map(port -> LiveTree.text(LiveTree.at(port, "targetPort")))
                .filter(target -> target.matches("[0-9]+"))
                .map(Integer::parseInt)
                .findFirst()
                .orElse(PORT);
    }

    private static Map<String, Object> objects(Path folder) throws IOException {
        if (Files.exists(folder.resolve("objects.yaml"))) {
            return load(folder.resolve("objects.yaml"));
        }
        boolean proxy = folder.toString().endsWith("-proxy");
        Map<String, Object> objects =
                load(CASES.resolve(proxy ? FORM + "-proxy" : FORM).resolve("objects.yaml"));
        load(folder.resolve("changes.yaml")).forEach((name, object) -> {
            objects.remove(name);
            if (LiveTree.at(object, "spec") != null) {
                objects.put(name, object);
            }
        });
        return objects;
    }

    private static Map<String, Object> load(Path file) throws IOException {
        var objects = new LinkedHashMap<String, Object>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(object -> objects.put(
                        LiveTree.at(object, "kind") + " " + LiveTree.at(object, "metadata", "namespace") + "/"
                                + LiveTree.at(object, "metadata", "name"),
                        object));
        return objects;
    }

    private static String text(Path folder) throws IOException {
        Path changes = folder.resolve("changes.yaml");
        return Files.readString(Files.exists(changes) ? changes : folder.resolve("objects.yaml"));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100));
    }

    @Override
    public void close() throws IOException {
        for (Upstream server : servers.values()) {
            server.close();
        }
    }
}
