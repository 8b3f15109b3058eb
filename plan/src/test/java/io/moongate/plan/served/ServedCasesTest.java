package io.moongate.plan.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.model.destination.Entrance;
import io.moongate.model.plan.ClusterObject;
import io.moongate.plan.translate.LiveTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Objects of another owner, a folder each, and what the judge says of both ports. In a folder whose name ends with
 * {@code -proxy} the load balancers send PROXY headers.
 */
class ServedCasesTest {
    private static final Path CASES = Path.of("src/test/served");
    private static final Map<String, String> LABELS = Map.of("app", "istio-ingressgateway", "istio", "ingressgateway");

    static List<Path> cases() throws IOException {
        try (Stream<Path> all = Files.list(CASES)) {
            return all.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isJudgedAsBefore(Path folder) throws IOException {
        LiveGateway gateway = gateway(Files.readString(folder.resolve("objects.yaml")));
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
        LiveGateway gateway = gateway(Files.readString(folder.resolve("objects.yaml")));
        boolean proxy = name.endsWith("-proxy");
        assertThat(Judge.of(gateway, need(Entrance.UNIFIED, 8443, proxy, 0)).missing())
                .isEmpty();
        if (!name.endsWith("-without-legacy")) {
            assertThat(Judge.of(gateway, need(Entrance.LEGACY, 8132, proxy, 0)).missing())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void accessListsThatNobodyCarriesOutAreMissing(Path folder) throws IOException {
        LiveGateway gateway = gateway(Files.readString(folder.resolve("objects.yaml")));
        boolean told = Judge.of(gateway, need(Entrance.UNIFIED, 8443, false, 3)).missing().stream()
                .anyMatch(what -> what.contains("restricts the clients of 3 shoots, and no filter does"));
        assertThat(told).isEqualTo(gateway.opens(8443));
    }

    private static Need need(Entrance entrance, int port, boolean proxy, int restricted) {
        var values = new ArrayList<String>();
        for (String shoot : List.of("shoot--foo--bar", "shoot-old")) {
            values.add("outbound|443||kube-apiserver." + shoot + ".svc.cluster.local");
            values.add("outbound|1194||vpn-seed-server." + shoot + ".svc.cluster.local");
        }
        return new Need(port, entrance.header(), values, proxy, restricted);
    }

    private static LiveGateway gateway(String yaml) {
        var gateways = new ArrayList<ClusterObject>();
        var filters = new ArrayList<ClusterObject>();
        Optional<Map<String, Object>> service = Optional.empty();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            @SuppressWarnings("unchecked") // the documents are of this test
            var tree = (Map<String, Object>) document;
            String kind = LiveTree.text(tree.get("kind"));
            var object = new ClusterObject(
                    LiveTree.text(tree.get("apiVersion")),
                    kind,
                    LiveTree.text(LiveTree.at(tree, "metadata", "namespace")),
                    LiveTree.text(LiveTree.at(tree, "metadata", "name")),
                    tree);
            switch (kind) {
                case "Gateway" -> gateways.add(object);
                case "EnvoyFilter" -> filters.add(object);
                default -> service = Optional.of(tree);
            }
        }
        return new LiveGateway(LABELS, gateways, filters, service);
    }
}
