package io.moongate.adoption.removal;

import io.moongate.adoption.report.AdoptionReport;
import io.moongate.adoption.report.AdoptionRow;
import io.moongate.adoption.report.GardenletCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** For each seed with a gardenlet, whether that gardenlet would start with {@code RemoveHTTPProxyLegacyPort}. */
final class GardenletVerdict {
    private GardenletVerdict() {}

    /** {@code [{seed, version?, starts, passes, skipped, refuses: [SHOOT]}]}, by the seed's name. */
    static List<Map<String, Object>> of(AdoptionReport report) {
        return new TreeMap<>(report.gardenlets().versions())
                .entrySet().stream()
                        .map(seed -> tree(seed.getKey(), seed.getValue(), report.rows()))
                        .toList();
    }

    private static Map<String, Object> tree(String seed, String version, List<AdoptionRow> rows) {
        List<AdoptionRow> own = rows.stream()
                .filter(row -> row.seed().equals(Optional.of(seed)))
                .toList();
        List<String> refuses = of(own, GardenletCheck.Result.Refuses);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("seed", seed);
        if (!version.isEmpty()) {
            tree.put("version", version);
        }
        tree.put("starts", refuses.isEmpty());
        tree.put("passes", of(own, GardenletCheck.Result.Passes).size());
        tree.put("skipped", of(own, GardenletCheck.Result.Skipped).size());
        tree.put("refuses", refuses);
        return tree;
    }

    private static List<String> of(List<AdoptionRow> rows, GardenletCheck.Result result) {
        return rows.stream()
                .filter(row -> row.gardenlet().map(GardenletCheck::result).equals(Optional.of(result)))
                .map(row -> row.shoot().toString())
                .sorted()
                .toList();
    }
}
