package io.moongate.adoption.imports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Access logs as gateways write them, headers of clients, formats of operators. */
public final class LogLinesSeeds {
    private static final String CLUSTER = "outbound|1194||vpn-seed-server.shoot--foo--bar.svc.cluster.local";
    private static final String JSON = """
            {"start_time":"2026-08-03T10:00:00.250Z","method":"CONNECT","response_code":200,"duration":5,\
            "upstream_cluster":"%s","downstream_local_address":"[::1]:8132","downstream_remote_address":"[::1]:1"}
            """.formatted(CLUSTER);

    private LogLinesSeeds() {}

    /** A line of Istio's text format. */
    static String line(String agent) {
        return "[2026-08-03T10:00:00.250Z] \"CONNECT - HTTP/1.1\" 200 - via_upstream - \"-\" 1 2 5 - \"-\" \"" + agent
                + "\" \"id\" \"a:1\" \"10.0.0.7:1194\" " + CLUSTER + " 10.0.0.1:1 10.0.0.1:8132 10.0.0.2:2 - -";
    }

    public static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        all.put("istio", bytes("\0" + line("a") + "\n" + JSON + "[2026-08-03 10:00:00.123][15][info][x] y\n"));
        all.put("gzip", gzip(line("a") + "\n"));
        all.put("cri", bytes("\0" + "2026-08-03T10:00:00.250Z stdout F " + line("b") + "\n"));
        all.put("docker", bytes("\0{\"log\":\"" + line("c").replace("\"", "\\\"") + "\\n\",\"stream\":\"stdout\"}\n"));
        all.put(
                "envoy",
                bytes("\0[2026-08-03T10:00:00.250+02:00] \"GET / HTTP/2\" 301 - 1 2 5 - \"-\" \"-\" \"-\" "
                        + "\"a\" \"-\"\n"));
        all.put(
                "moongate",
                bytes("\0{\"time\":\"2026-08-03T10:00:00Z\",\"shoot\":\"a/b\",\"destination\":\"" + CLUSTER
                        + "\",\"listener\":\"legacy\",\"status\":200,\"flag\":\"Completed\",\"setup_ms\":1,"
                        + "\"duration_ms\":7,\"client\":\"[::1]:3\"}\n"));
        all.put("header", bytes("\1x\" 301 - \"y\" \"z\" " + CLUSTER + " 10.0.0.1:1 10.0.0.1:8443"));
        all.put(
                "format",
                bytes("\2%START_TIME(%d/%b/%Y:%H:%M:%E3S %z)%|%REQ(REVERSED-VPN)%|%RESPONSE_CODE%|%DURATION%\n"
                        + "03/Aug/2026:10:00:00.250 +0000|" + CLUSTER + "|200|5"));
        all.put(
                "format-json",
                bytes(
                        "\2{\"a\":\"%START_TIME(%s.%3f)%\",\"b\":{\"c\":\"%UPSTREAM_CLUSTER% "
                                + "%RESPONSE_CODE%\"},\"d\":\"%DURATION%\"}\n{\"a\":\"1785751200.250\",\"b\":{\"c\":\"x 200\"},\"d\":5}"));
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(0);
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(bytes(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
