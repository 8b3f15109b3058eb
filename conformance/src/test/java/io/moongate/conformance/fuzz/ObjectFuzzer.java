package io.moongate.conformance.fuzz;

import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.write.Trees;
import java.util.List;
import java.util.Map;

/**
 * Fuzz target for objects as a watch brings them. The input chooses fields and values; no object may throw, and it
 * means the same as a tree, as JSON and as YAML.
 */
public final class ObjectFuzzer {
    private ObjectFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var maker = new ObjectMaker(new Bytes(input));
        Map<String, Object> object = maker.object();
        ManifestReader.Contents contents = ManifestReader.read("fuzz", object);
        if (!maker.isDeep()) {
            compare(contents, ManifestReader.read("fuzz", Trees.json(object)));
            compare(contents, ManifestReader.read("fuzz", Trees.yaml(object)));
            contents.good().forEach(RoundTrip::check);
        }
    }

    private static void compare(ManifestReader.Contents one, ManifestReader.Contents other) {
        List<Manifest> good = one.good();
        Check.that(good.equals(other.good()), "as text it is another object: " + good + " " + other.good());
        Check.that(
                one.failures().size() == other.failures().size(),
                "as text it has other problems: " + one.failures() + " " + other.failures());
    }
}
