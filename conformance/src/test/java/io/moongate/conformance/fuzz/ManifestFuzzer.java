package io.moongate.conformance.fuzz;

import io.moongate.manifest.read.ManifestReader;
import java.nio.charset.StandardCharsets;

/** Fuzz target for a file of manifests, YAML or JSON. No text may throw; the same text means the same twice. */
public final class ManifestFuzzer {
    private static final String FILE = "fuzz.yaml";

    private ManifestFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ManifestReader.Contents contents = ManifestReader.read(FILE, text);
        Check.that(contents.equals(ManifestReader.read(FILE, text)), "the same text read twice");
        Check.that(contents.failures().isEmpty() || !contents.problems().isEmpty(), "a failure without a problem");
        contents.problems().forEach(p -> Check.that(p.place().isPresent(), "a problem without a place: " + p));
        contents.good().forEach(RoundTrip::check);
    }
}
