package io.moongate.adoption.accesslog;

import io.moongate.model.config.AccessLogServiceSettings;
import io.moongate.model.destination.Entrance;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Messages as Envoys send them, and bytes that are close to one. */
public final class AccessLogSeeds {
    private static final String VALUE = "outbound|443||kube-apiserver.shoot--foo--bar.svc.cluster.local";

    private AccessLogSeeds() {}

    public static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        for (LogMessage.Type type : LogMessage.Type.values()) {
            all.put("one-" + type.name().toLowerCase(Locale.ROOT), message(List.of(entry("1", type, 200, 9))));
        }
        var life = new ArrayList<LogMessage.Entry>();
        life.add(entry("1", LogMessage.Type.ESTABLISHED, 200, 0));
        life.add(entry("1", LogMessage.Type.PERIODIC, 200, 1000));
        life.add(entry("2", LogMessage.Type.PERIODIC, 200, 1000));
        life.add(entry("2", LogMessage.Type.PERIODIC, 200, 10));
        life.add(entry("1", LogMessage.Type.END, 200, 2000));
        all.put("life", message(life));
        all.put("refused", message(List.of(entry("1", LogMessage.Type.END, 301, 0))));
        all.put(
                "negative",
                message(List.of(
                        entry("1", LogMessage.Type.PERIODIC, 200, Long.MIN_VALUE),
                        entry("1", LogMessage.Type.PERIODIC, 200, Long.MAX_VALUE))));
        all.put("no-stream", message(List.of(entry("", LogMessage.Type.ESTABLISHED, 200, 0))));
        all.put("nothing", new byte[0]);
        all.put("nested-groups", "\u000b".repeat(5000).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        all.put("length-too-large", HexFormat.of().parseHex("0affffffff0f"));
        all.put("length-negative", HexFormat.of().parseHex("0affffffffffffffffff01"));
        return all;
    }

    private static byte[] message(List<LogMessage.Entry> entries) {
        String name = AccessLogServiceSettings.logName(Entrance.UNIFIED);
        return new LogMessage(Optional.of("router~10.0.0.1~pod.ns~dns"), Optional.of(name), entries).bytes();
    }

    private static LogMessage.Entry entry(String stream, LogMessage.Type type, int status, long bytesIn) {
        return new LogMessage.Entry(
                stream,
                type,
                status,
                Optional.of(InetAddress.getLoopbackAddress()),
                Map.of(Entrance.UNIFIED.header().toLowerCase(Locale.ROOT), VALUE),
                bytesIn,
                0);
    }
}
