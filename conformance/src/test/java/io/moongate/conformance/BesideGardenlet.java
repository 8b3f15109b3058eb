package io.moongate.conformance;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.moongate.conformance.lab.AuditLog;
import io.moongate.conformance.lab.GardenShoots;
import io.moongate.conformance.lab.Gardenlet;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.OperatorProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What has to hold beside gardenlet at each stage of {@link GardenerStoryTest}. */
final class BesideGardenlet {
    /** What the operator and the witness may write, and whose it is. */
    private static final Set<String> OWN = Set.of(
            "moongate-operator leases moongate-system/moongate-operator-seed-1",
            "moongate-operator envoyfilters istio-ingress/moongate-evidence",
            "moongate-witness configmaps moongate-system/moongate-legacy-port-seed-1",
            "moongate-witness seeds/status seed-1");

    private final WitnessScene scene;
    private final Gardenlet gardenlet;
    private final GardenShoots shoots;
    private final AuditLog audit;

    BesideGardenlet(WitnessScene scene, Gardenlet gardenlet, GardenShoots shoots, AuditLog audit) {
        this.scene = scene;
        this.gardenlet = gardenlet;
        this.shoots = shoots;
        this.audit = audit;
    }

    /** In full, as what went wrong has to be seen where this fails. */
    static List<String> problemsIn(String log) {
        return log.lines()
                .filter(line -> line.matches(".* (WARN|ERROR) .*\\[[A-Z][A-Za-z]+]"))
                .toList();
    }

    /**
     * Evidence is complete, the verdict is right, no process has a problem, and nothing of others is touched.
     *
     * @param blockers the finding of each shoot that needs the port
     */
    void allIsWell(String stage, Map<String, String> blockers) throws Exception {
        WitnessScene.soon().untilAsserted(() -> {
            var report = tree(scene.witness, "/adoption");
            assertThat(rows(report, "shoots").stream()
                            .collect(toMap(
                                    row -> row.get("shoot"), row -> up(row, "legacy") + "/" + up(row, "unified"))))
                    .as("%s: where the tunnels are", stage)
                    .isEqualTo(shoots.up());
            assertThat(report.get("unseenSeconds"))
                    .as("%s: not observed", stage)
                    .isEqualTo(0);
            var found = new TreeMap<String, String>();
            rows(tree(scene.witness, "/legacy-port"), "blockers")
                    .forEach(row -> found.put(bare(row.get("shoot")), String.valueOf(row.get("finding"))));
            assertThat(found).as("%s: who needs the port", stage).isEqualTo(blockers);
        });
        gardenletsOwnVerdict(stage, blockers.isEmpty() ? 0 : 2);
        for (OperatorProcess process : List.of(scene.operator, scene.witness)) {
            WitnessScene.soon()
                    .untilAsserted(() -> assertThat(rows(tree(process, "/config"), "problems"))
                            .as("%s: problems", stage)
                            .isEmpty());
        }
        Lab.Ended plan = scene.operator.plan(scene.namespace);
        assertThat(plan.exit()).as(stage).isZero();
        assertThat(plan.output()).as(stage).contains("nothing would be written");
        int turns = gardenlet.turns();
        WitnessScene.soon().until(() -> gardenlet.turns() > turns + 1);
        assertThat(gardenlet.touched()).as("%s: objects of gardenlet", stage).isEmpty();
        onlyOwnObjectsWereWritten(stage);
    }

    private void gardenletsOwnVerdict(String stage, int exit) throws Exception {
        List<String> refuses = gardenlet.refuses();
        assertThat(rows(tree(scene.witness, "/legacy-port"), "gardenlets"))
                .singleElement()
                .as("%s: what gardenlet would say", stage)
                .satisfies(verdict -> {
                    assertThat(verdict.get("seed")).isEqualTo("seed-1");
                    assertThat(verdict.get("starts")).isEqualTo(refuses.isEmpty());
                    assertThat(verdict.get("refuses")).isEqualTo(refuses);
                });
        Lab.Ended check = scene.moongate("legacy-port", "check");
        assertThat(check.exit()).as(stage).isEqualTo(exit);
        assertThat(check.output())
                .contains("gardenlet of seed seed-1 (" + gardenlet.version() + ") with RemoveHTTPProxyLegacyPort "
                        + (refuses.isEmpty()
                                ? "starts: "
                                : "does not start: " + refuses.size()
                                        + " shoots lack the constraint UsesUnifiedHTTPProxyPort"));
        assertThat(check.output()
                        .lines()
                        .filter(line -> line.startsWith("  garden-test/"))
                        .map(String::strip)
                        .toList())
                .as("%s: by name", stage)
                .isEqualTo(refuses);
    }

    private void onlyOwnObjectsWereWritten(String stage) throws IOException {
        var others = new TreeSet<String>();
        var filters = new ArrayList<AuditLog.Write>();
        for (AuditLog.Write write : audit.writes()) {
            String what = write.user().replaceAll(".*:", "") + " " + write.what();
            boolean condition = what.startsWith("moongate-operator shoots/status garden-test/");
            boolean event = what.startsWith("moongate-operator events garden-test/")
                    && write.verb().equals("create");
            if (what.contains("envoyfilters")) {
                filters.add(write);
            }
            if (!OWN.contains(what) && !condition && !event) {
                others.add(write.toString());
            }
        }
        assertThat(others).as("%s: writes to objects of others", stage).isEmpty();
        assertThat(filters).as("%s: of the one EnvoyFilter", stage).hasSize(1);
    }

    private static Map<?, ?> tree(OperatorProcess process, String page) throws Exception {
        String json = process.admin().get(page).body();
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    private static List<Map<?, ?>> rows(Map<?, ?> tree, String key) {
        return ((List<?>) tree.get(key))
                .stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
    }

    private static String up(Map<?, ?> row, String entrance) {
        return String.valueOf(((Map<?, ?>) row.get(entrance)).get("up"));
    }

    static String bare(Object shoot) {
        String name = String.valueOf(shoot);
        return name.substring(name.indexOf('/') + 1);
    }
}
