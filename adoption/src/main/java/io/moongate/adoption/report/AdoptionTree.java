package io.moongate.adoption.report;

import io.moongate.model.condition.Declaration;
import io.moongate.model.evidence.Use;
import java.time.Instant;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A report as maps and lists: what {@code /adoption} answers, and what {@code -o json} prints. Times are RFC 3339. */
public final class AdoptionTree {
    private AdoptionTree() {}

    /** {@code at, from, unseenSeconds, shoots: [{shoot, seed, project, purpose, class, finding, blocks, silent, why, declared, declaredBy, declarations, gardenlet, legacy, unified}]} */
    public static Map<String, Object> of(AdoptionReport report) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("at", report.at().toString());
        tree.put("from", report.from().toString());
        tree.put("unseenSeconds", report.unseen().toSeconds());
        tree.put("shoots", of(report.rows()));
        return tree;
    }

    /** Those of these rows, each made when it is asked for: who looks at a few of many pays for a few. */
    public static List<Map<String, Object>> of(List<AdoptionRow> rows) {
        return new AbstractList<>() {
            @Override
            public Map<String, Object> get(int index) {
                return AdoptionTree.of(rows.get(index));
            }

            @Override
            public int size() {
                return rows.size();
            }
        };
    }

    /** One of the {@code shoots}. */
    public static Map<String, Object> of(AdoptionRow row) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("shoot", row.shoot().toString());
        row.seed().ifPresent(seed -> tree.put("seed", seed));
        tree.put("project", row.project());
        row.purpose().ifPresent(purpose -> tree.put("purpose", purpose));
        tree.put("class", row.shootClass().name());
        tree.put("finding", row.finding().name());
        tree.put("blocks", row.finding().blocks());
        tree.put("silent", row.silent());
        tree.put("why", row.why());
        row.declared().counted().ifPresent(counted -> {
            tree.put("declared", declared(counted));
            tree.put("declaredBy", counted.by().label());
        });
        if (row.declared().all().size() > 1) {
            tree.put(
                    "declarations",
                    row.declared().all().stream().map(AdoptionTree::declared).toList());
        }
        row.gardenlet()
                .ifPresent(check ->
                        tree.put("gardenlet", Map.of("result", check.result().name(), "why", check.why())));
        tree.put("legacy", of(row.legacy()));
        tree.put("unified", of(row.unified()));
        return tree;
    }

    private static Map<String, Object> declared(Declaration declaration) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("entry", declaration.entry().label());
        tree.put("by", declaration.by().label());
        tree.put("status", declaration.status().name());
        tree.put("reason", declaration.reason());
        tree.put("message", declaration.message());
        time(tree, "since", declaration.since());
        return tree;
    }

    private static Map<String, Object> of(Use use) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("up", use.up());
        time(tree, "lastSetUp", use.lastSetUp());
        time(tree, "lastSeen", use.lastSeen());
        tree.put("setUps", use.setUps());
        tree.put("bytesIn", use.bytesIn());
        tree.put("bytesOut", use.bytesOut());
        var clients = new TreeMap<String, Object>();
        use.clients().forEach((range, last) -> clients.put(range, AdoptionReport.text(last)));
        tree.put("clients", clients);
        return tree;
    }

    private static void time(Map<String, Object> tree, String name, Optional<Instant> time) {
        time.ifPresent(t -> tree.put(name, AdoptionReport.text(t)));
    }
}
