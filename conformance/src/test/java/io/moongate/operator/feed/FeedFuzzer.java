package io.moongate.operator.feed;

import io.moongate.conformance.fuzz.Bytes;
import io.moongate.conformance.fuzz.Check;
import io.moongate.conformance.fuzz.RoundTrip;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ClusterObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Fuzz target for the ConfigMaps of a feed. The first byte of an input says what the others are. Only IOException may
 * be thrown; the same content means the same twice, and shoots can be written as a feed and read again.
 */
public final class FeedFuzzer {
    static final int CONFIGURATION = 0;
    static final int BASE64 = 1;
    static final int PACKED = 2;
    static final int LINES = 3;

    private static final MoongateConfiguration DEFAULTS = defaults();

    private FeedFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        var bytes = new Bytes(input);
        int kind = bytes.next() % 4;
        byte[] content = bytes.rest();
        Map<String, String> data = kind == CONFIGURATION
                ? Map.of(FeedFormat.CONFIGURATION_KEY, new String(content, StandardCharsets.UTF_8))
                : Map.of();
        Map<String, String> binary = switch (kind) {
            case CONFIGURATION -> Map.of();
            case BASE64 -> Map.of(FeedFormat.SHOOTS_KEY, new String(content, StandardCharsets.ISO_8859_1));
            case PACKED -> Map.of(FeedFormat.SHOOTS_KEY, base64(content));
            default -> Map.of(FeedFormat.SHOOTS_KEY, base64(pack(content)));
        };
        ManifestReader.Contents contents;
        try {
            contents = FeedFormat.read("feed", data, binary);
        } catch (IOException refused) {
            return;
        }
        Check.that(contents.equals(FeedFormat.read("feed", data, binary)), "the same content read twice");
        writeAndRead(contents.good());
    }

    private static void writeAndRead(List<Manifest> good) throws IOException {
        var shoots = new TreeMap<ShootKey, Shoot>();
        for (Manifest manifest : good) {
            if (manifest instanceof Manifest.OfShoot(Shoot shoot)) {
                shoots.put(shoot.key(), shoot);
            }
        }
        if (shoots.isEmpty()) {
            return;
        }
        var back = new ArrayList<Manifest>();
        for (ClusterObject object : FeedFormat.objects("ns", "seed", DEFAULTS, List.copyOf(shoots.values()))) {
            ManifestReader.Contents read = read(object);
            Check.that(read.failures().isEmpty(), "a feed that was written is not read: " + read.failures());
            back.addAll(read.good());
        }
        List<Manifest> expected = new ArrayList<>(List.of(new Manifest.OfConfiguration(DEFAULTS)));
        shoots.values().forEach(shoot -> expected.add(RoundTrip.written(new Manifest.OfShoot(shoot))));
        List<Manifest> got = back.stream()
                .map(RoundTrip::written)
                .sorted(Comparator.comparing(Manifest::ref, Comparator.comparing(FeedFuzzer::order)))
                .toList();
        expected.sort(Comparator.comparing(Manifest::ref, Comparator.comparing(FeedFuzzer::order)));
        Check.that(expected.equals(got), "a feed that was written is read differently: " + expected + " " + got);
    }

    private static String order(io.moongate.model.problem.ObjectRef ref) {
        return ref.toString();
    }

    private static ManifestReader.Contents read(ClusterObject object) throws IOException {
        return FeedFormat.read("feed", strings(object, "data"), strings(object, "binaryData"));
    }

    private static Map<String, String> strings(ClusterObject object, String field) {
        var all = new TreeMap<String, String>();
        if (object.tree().get(field) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> all.put(String.valueOf(key), String.valueOf(value)));
        }
        return all;
    }

    private static MoongateConfiguration defaults() {
        var contents = ManifestReader.read(
                "defaults",
                "apiVersion: " + MoongateConfiguration.API_VERSION + "\nkind: " + MoongateConfiguration.KIND + "\n");
        return ((Manifest.OfConfiguration) contents.good().getFirst()).configuration();
    }

    static byte[] pack(byte[] content) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(content);
        }
        return packed.toByteArray();
    }

    private static String base64(byte[] content) {
        return Base64.getEncoder().encodeToString(content);
    }
}
