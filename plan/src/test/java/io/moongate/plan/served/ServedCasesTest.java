package io.moongate.plan.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.LiveTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Objects of another owner, a folder each, and what the judge says of both ports. In a folder whose name ends with
 * {@code -proxy} the load balancers send PROXY headers. A folder has all objects, or what is other than in gardenlet's
 * form: objects that take the place of those of the same name, and names of those that are not there.
 */
class ServedCasesTest {
    private static final Path CASES = Path.of("src/test/served");
    private static final String GARDENLET = "gardenlet-1.148";
    private static final Map<String, String> LABELS = Map.of("app", "istio-ingressgateway", "istio", "ingressgateway");

    static List<Path> cases() throws IOException {
        try (Stream<Path> all = Files.list(CASES)) {
            return all.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isJudgedAsBefore(Path folder) throws IOException {
        LiveGateway gateway = gateway(folder);
        boolean proxy = folder.toString().endsWith("-proxy");
        var said = new StringBuilder();
        for (Entrance entrance : Entrance.values()) {
            int port = entrance == Entrance.UNIFIED ? 8443 : 8132;
            Served served = Judge.of(gateway, need(entrance, port, proxy, 0));
            said.append(port).append(gateway.opens(port) ? "" : " (closed)").append("\n");
            served.missing()
                    .forEach(what -> said.append("  missing: ").append(what).append("\n"));
            served.advice()
                    .forEach(what -> said.append("  advice: ").append(what).append("\n"));
        }
        Path golden = folder.resolve("served.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, said);
        }
        assertThat(said.toString()).as("mend with ./verify --update").isEqualTo(Files.readString(golden));
    }

    /** The forms that gardenlet has at each stage of its migration are fine. */
    @ParameterizedTest
    @MethodSource("cases")
    void gardenletsOwnFormsHaveNothingMissing(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (!name.startsWith("gardenlet-")) {
            return;
        }
        LiveGateway gateway = gateway(folder);
        boolean proxy = name.endsWith("-proxy");
        assertThat(Judge.of(gateway, need(Entrance.UNIFIED, 8443, proxy, 0)).missing())
                .isEmpty();
        if (!name.endsWith("-without-legacy")) {
            assertThat(Judge.of(gateway, need(Entrance.LEGACY, 8132, proxy, 0)).missing())
                    .isEmpty();
        }
    }

    @Test
    void accessListsThatNobodyCarriesOutAreMissing() throws IOException {
        LiveGateway gateway = gateway(CASES.resolve(GARDENLET));
        assertThat(Judge.of(gateway, need(Entrance.UNIFIED, 8443, false, 3)).missing())
                .containsExactly("the plan restricts the clients of 3 shoots, and no filter does");
    }

    private static Need need(Entrance entrance, int port, boolean proxy, int restricted) {
        var values = new ArrayList<String>();
        for (String shoot : List.of("shoot--foo--bar", "shoot-old")) {
            values.add("outbound|443||kube-apiserver." + shoot + ".svc.cluster.local");
            values.add("outbound|1194||vpn-seed-server." + shoot + ".svc.cluster.local");
        }
        return new Need(port, entrance.header(), values, proxy, restricted, new Need.Edge(55, 32 * 1024));
    }

    private static LiveGateway gateway(Path folder) throws IOException {
        Map<String, ClusterObject> objects = Files.exists(folder.resolve("objects.yaml"))
                ? objects(folder.resolve("objects.yaml"))
                : changed(folder);
        var gateways = new ArrayList<ClusterObject>();
        var filters = new ArrayList<ClusterObject>();
        Optional<Map<String, Object>> service = Optional.empty();
        for (ClusterObject object : objects.values()) {
            switch (object.kind()) {
                case "Gateway" -> gateways.add(object);
                case "EnvoyFilter" -> filters.add(object);
                default -> service = Optional.of(object.tree());
            }
        }
        return new LiveGateway("istio-ingress", "istio-system", LABELS, gateways, filters, service);
    }

    private static Map<String, ClusterObject> changed(Path folder) throws IOException {
        boolean proxy = folder.toString().endsWith("-proxy");
        Map<String, ClusterObject> objects =
                objects(CASES.resolve(proxy ? GARDENLET + "-proxy" : GARDENLET).resolve("objects.yaml"));
        objects(folder.resolve("changes.yaml")).forEach((name, object) -> {
            if (object.tree().containsKey("spec")) {
                objects.put(name, object);
            } else {
                assertThat(objects.remove(name)).as(name).isNotNull();
            }
        });
        return objects;
    }

    private static Map<String, ClusterObject> objects(Path file) throws IOException {
        var objects = new LinkedHashMap<String, ClusterObject>();
        var settings = LoadSettings.builder().build();
        for (Object document : new Load(settings).loadAllFromString(Files.readString(file))) {
            @SuppressWarnings("unchecked") // the documents are of this test
            var tree = (Map<String, Object>) document;
            var object = new ClusterObject(
                    LiveTree.text(tree.get("apiVersion")),
                    LiveTree.text(tree.get("kind")),
                    LiveTree.text(LiveTree.at(tree, "metadata", "namespace")),
                    LiveTree.text(LiveTree.at(tree, "metadata", "name")),
                    tree);
            objects.put(object.toString(), object);
        }
        return objects;
    }
}
