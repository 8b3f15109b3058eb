package io.moongate.conformance.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Manifests that would be long files: depth, and many of one thing. The others are files. */
final class ManifestSeeds {
    private ManifestSeeds() {}

    static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        put(all, "deep-sequence", "[".repeat(20_000));
        put(all, "deep-closed-sequence", "[".repeat(3000) + "]".repeat(3000));
        put(all, "deep-json", "{\"a\":".repeat(3000) + "1" + "}".repeat(3000));
        put(all, "deep-block", block(2000));
        put(all, "deep-block-sequence", "- ".repeat(3000) + "a");
        put(all, "deep-provider-config", shoot("{\"a\":".repeat(300) + "1" + "}".repeat(300)));
        put(all, "deep-quoted-keys", "? ".repeat(3000) + "a");
        put(all, "many-documents", "---\n".repeat(200));
        put(all, "many-anchors", anchors());
        put(all, "long-scalar", "a: " + "b".repeat(100_000));
        put(all, "tags", "!a ".repeat(1000) + "b");
        return all;
    }

    private static String block(int levels) {
        var text = new StringBuilder();
        for (int i = 0; i < levels; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }
        return text.toString();
    }

    private static String shoot(String providerConfig) {
        return "{\"apiVersion\":\"core.gardener.cloud/v1beta1\",\"kind\":\"Shoot\",\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"provider\":{\"controlPlaneConfig\":" + providerConfig + "}}}";
    }

    /** Each twice the one before: two to the power of thirty if they were copied. */
    private static String anchors() {
        var text = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        return text.toString();
    }

    private static void put(Map<String, byte[]> all, String name, String text) {
        all.put(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
