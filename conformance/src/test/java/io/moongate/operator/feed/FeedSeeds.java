package io.moongate.operator.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** ConfigMaps of a feed; a little that unpacks to a lot is made here, not kept as a file. */
public final class FeedSeeds {
    private static final String SHOOT = "{\"apiVersion\":\"core.gardener.cloud/v1beta1\",\"kind\":\"Shoot\","
            + "\"metadata\":{\"name\":\"bar\",\"namespace\":\"garden-foo\"},\"spec\":{\"seedName\":\"s\","
            + "\"provider\":{\"workers\":[{\"name\":\"w\"}]}},\"status\":{\"technicalID\":\"shoot--foo--bar\"}}\n";
    private static final String CONFIGURATION =
            "{\"apiVersion\":\"config.moongate.io/v1alpha1\",\"kind\":\"MoongateConfiguration\"}";

    private FeedSeeds() {}

    public static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        put(all, "configuration", FeedFuzzer.CONFIGURATION, CONFIGURATION);
        put(all, "no-base64", FeedFuzzer.BASE64, "=H4s!");
        put(all, "no-gzip", FeedFuzzer.PACKED, "plain text");
        put(all, "shoot", FeedFuzzer.LINES, SHOOT);
        put(all, "shoots", FeedFuzzer.LINES, SHOOT + SHOOT.replace("bar", "baz") + SHOOT);
        put(all, "no-line-end", FeedFuzzer.LINES, SHOOT.strip());
        put(all, "empty-lines", FeedFuzzer.LINES, "\n\n\n" + SHOOT + "\r\n");
        put(all, "broken-line", FeedFuzzer.LINES, SHOOT + "{\n" + SHOOT.replace("bar", "baz"));
        put(all, "odd-characters", FeedFuzzer.LINES, SHOOT.replace("\"s\"", "\"\\u0000\\u0081\\ud800\\uffff\""));
        put(all, "deep", FeedFuzzer.LINES, "[".repeat(3000));
        try {
            byte[] packed = FeedFuzzer.pack(SHOOT.getBytes(StandardCharsets.UTF_8));
            all.put("packed", chosen(FeedFuzzer.PACKED, packed));
            all.put("cut-in-the-middle", chosen(FeedFuzzer.PACKED, Arrays.copyOf(packed, packed.length / 2)));
            all.put("bomb-one-line", chosen(FeedFuzzer.PACKED, bomb((byte) ' ')));
            all.put("bomb-many-lines", chosen(FeedFuzzer.PACKED, bomb((byte) '\n')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** 300 MB in 300 kB. */
    private static byte[] bomb(byte of) throws IOException {
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, of);
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 300; i++) {
                zip.write(block);
            }
        }
        return packed.toByteArray();
    }

    private static void put(Map<String, byte[]> all, String name, int kind, String text) {
        all.put(name, chosen(kind, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] chosen(int kind, byte[] content) {
        byte[] all = new byte[content.length + 1];
        all[0] = (byte) kind;
        System.arraycopy(content, 0, all, 1, content.length);
        return all;
    }
}
