package io.moongate.cli.run;

import io.moongate.manifest.read.Manifest;
import io.moongate.model.landscape.Landscape;
import io.moongate.model.problem.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From which file each object came, also for those that are kept although their file no longer has them. */
final class Provenance {
    private static final String UNKNOWN = "?";

    private final Map<ObjectRef, String> files = new HashMap<>();

    void remember(Map<String, List<Manifest>> objects) {
        objects.forEach((file, manifests) -> manifests.forEach(m -> files.put(m.ref(), file)));
    }

    Map<String, List<Manifest>> of(Landscape landscape) {
        var all = new ArrayList<Manifest>();
        landscape.configuration().ifPresent(c -> all.add(new Manifest.OfConfiguration(c)));
        landscape.seeds().forEach(s -> all.add(new Manifest.OfSeed(s)));
        landscape.shoots().forEach(s -> all.add(new Manifest.OfShoot(s)));
        landscape.services().forEach(s -> all.add(new Manifest.OfService(s)));
        landscape.endpointSlices().forEach(s -> all.add(new Manifest.OfEndpointSlice(s)));
        var byFile = new TreeMap<String, List<Manifest>>();
        var current = new HashMap<ObjectRef, String>();
        for (Manifest manifest : all) {
            String file = files.getOrDefault(manifest.ref(), UNKNOWN);
            current.put(manifest.ref(), file);
            byFile.computeIfAbsent(file, f -> new ArrayList<>()).add(manifest);
        }
        files.keySet().retainAll(current.keySet());
        return byFile;
    }
}
