package io.moongate.operator.feed;

import io.moongate.manifest.read.BrokenDocument;
import io.moongate.manifest.read.InputLimits;
import io.moongate.manifest.read.Manifest;
import io.moongate.manifest.read.ManifestReader;
import io.moongate.manifest.write.ManifestWriter;
import io.moongate.manifest.write.Trees;
import io.moongate.model.config.MoongateConfiguration;
import io.moongate.model.landscape.Shoot;
import io.moongate.model.landscape.ShootKey;
import io.moongate.model.plan.ClusterObject;
import io.moongate.model.problem.BoundedProblems;
import io.moongate.plan.translate.Objects;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps of a seed's feed: one with the configuration, and {@link #SHARDS} with the shoots, as compressed
 * manifests. A shoot is always in the same one: what changes for it rewrites a sixteenth.
 */
public final class FeedFormat {
    /** On each of them; its value is the seed's name. */
    public static final String LABEL = "moongate.io/feed";

    static final int SHARDS = 16;
    static final String CONFIGURATION_KEY = "moongate.json";
    static final String SHOOTS_KEY = "shoots.jsonl.gz";
    /** A shard of ten times as many shoots as any seed has is far below this; what is above it is no feed. */
    static final int LARGEST = 32 << 20;
    /** Of one shoot; a Shoot of the feed has about a kilobyte. */
    static final int LONGEST_LINE = 256 << 10;
    /** Shoots of one shard; a seed has a thousand in all. */
    static final int MOST_LINES = 100_000;

    private FeedFormat() {}

    /** The whole feed, always the same objects in the same order: shards without shoots are empty, not absent. */
    public static List<ClusterObject> objects(
            String namespace, String seed, MoongateConfiguration configuration, List<Shoot> shoots) {
        var shards = new ArrayList<List<Shoot>>();
        for (int i = 0; i < SHARDS; i++) {
            shards.add(new ArrayList<>());
        }
        shoots.stream()
                .sorted(Comparator.comparing(Shoot::key))
                .forEach(shoot -> shards.get(shardOf(shoot.key())).add(shoot));
        var objects = new ArrayList<ClusterObject>();
        String json = json(new Manifest.OfConfiguration(configuration));
        objects.add(object(namespace, seed, "configuration", "data", Map.of(CONFIGURATION_KEY, json)));
        for (int i = 0; i < SHARDS; i++) {
            String content = Base64.getEncoder().encodeToString(pack(shards.get(i)));
            objects.add(object(namespace, seed, Integer.toString(i), "binaryData", Map.of(SHOOTS_KEY, content)));
        }
        return objects;
    }

    private static int shardOf(ShootKey key) {
        return Math.floorMod(key.toString().hashCode(), SHARDS);
    }

    private static ClusterObject object(
            String namespace, String seed, String part, String field, Map<String, Object> content) {
        String name = "moongate-feed-" + seed + "-" + part;
        return Objects.own("v1", "ConfigMap", namespace, name, Map.of(LABEL, seed), Map.of(field, content));
    }

    private static byte[] pack(List<Shoot> shoots) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            for (Shoot shoot : shoots) {
                String line = json(new Manifest.OfShoot(shoot)) + "\n";
                zip.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Keys in order: the same shoot is the same text for every process, so that a restart writes nothing. */
    private static String json(Manifest manifest) {
        return Trees.json(sorted(ManifestWriter.tree(manifest)));
    }

    private static Object sorted(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var ordered = new TreeMap<String, Object>();
                map.forEach((key, value) -> ordered.put(String.valueOf(key), sorted(value)));
                yield ordered;
            }
            case List<?> list -> list.stream().map(FeedFormat::sorted).toList();
            default -> tree;
        };
    }

    /** What one ConfigMap of a feed holds, where nothing else takes memory. */
    static ManifestReader.Contents read(String name, Map<String, String> data, Map<String, String> binaryData)
            throws IOException {
        return read(name, data, binaryData, InputLimits.ofProcess().objects().most());
    }

    /**
     * What one ConfigMap of a feed holds.
     *
     * @param room for how many objects there is memory
     */
    static ManifestReader.Contents read(String name, Map<String, String> data, Map<String, String> binaryData, int room)
            throws IOException {
        String configuration = data.get(CONFIGURATION_KEY);
        String packed = binaryData.get(SHOOTS_KEY);
        if (configuration == null && packed == null) {
            throw new IOException("it has neither " + CONFIGURATION_KEY + " nor " + SHOOTS_KEY);
        }
        if (configuration != null) {
            ManifestReader.Contents contents = ManifestReader.read(name, configuration);
            boolean told = contents.hidesConfiguration() && !contents.problems().isEmpty();
            if (!told && contents.good().stream().noneMatch(Manifest.OfConfiguration.class::isInstance)) {
                throw new IOException("its " + CONFIGURATION_KEY + " holds no MoongateConfiguration");
            }
            return contents;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(packed);
        } catch (IllegalArgumentException e) {
            throw new IOException("its content is not base64", e);
        }
        var good = new ArrayList<Manifest>();
        var failures = new ArrayList<BrokenDocument.Identity>();
        var problems = BoundedProblems.ofFile(name);
        try (var lines = new Lines(new GZIPInputStream(new ByteArrayInputStream(bytes)))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isEmpty()) {
                    var one = ManifestReader.read(name, line);
                    good.addAll(one.good());
                    failures.addAll(one.failures());
                    problems.addAll(one.problems());
                }
                if (good.size() > room) {
                    throw new IOException("it has more than the " + room
                            + " objects for which there is memory: give the process more (-Xmx)");
                }
            }
        }
        return new ManifestReader.Contents(good, failures, problems.list(), good.isEmpty(), false);
    }

    /** Line by line, so that a little that unpacks to a lot is never in memory as a whole. */
    private static final class Lines implements AutoCloseable {
        private final InputStream in;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long read;
        private int count;

        private Lines(InputStream unpacked) {
            in = new BufferedInputStream(unpacked);
        }

        /** Null at the end. */
        @Nullable
        String next() throws IOException {
            line.reset();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            count++;
            if (count > MOST_LINES) {
                throw new IOException("it has more than " + MOST_LINES + " lines");
            }
            for (; b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
                read++;
                if (line.size() > LONGEST_LINE) {
                    throw new IOException("a line of it is longer than " + LONGEST_LINE + " bytes");
                }
                if (read > LARGEST) {
                    throw new IOException("it unpacks to more than " + (LARGEST >> 20) + " MiB");
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
