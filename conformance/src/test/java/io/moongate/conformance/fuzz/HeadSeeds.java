package io.moongate.conformance.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** First bytes of a connection: PROXY headers, request heads, and what is close to them. */
final class HeadSeeds {
    static final byte[] PROXY_V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb0071070a000001126720fb");

    private HeadSeeds() {}

    static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        put(all, "connect", "CONNECT a:1 HTTP/1.0\r\nX-Gardener-Destination: outbound|443||x\r\n\r\n");
        put(all, "get", "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8443\r\nGET /x?y HTTP/1.1\r\nHost: a.example:1\r\n\r\n");
        put(all, "empty-lines-first", "\r\n\r\nCONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
        put(all, "many-empty-lines-first", "\r\n".repeat(20) + "CONNECT a:1 HTTP/1.1\r\n\r\n");
        put(all, "bare-line-feed", "CONNECT a:1 HTTP/1.1\nHost: a\n\n");
        put(all, "folded", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n");
        put(all, "nul", "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n");
        put(all, "no-name", "GET / HTTP/1.1\r\n: a\r\n\r\n");
        put(all, "proxy-unknown", "PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n\r\n");
        put(all, "proxy-v6", "PROXY TCP6 2001:db8::1 2001:db8::2 65535 0\r\nGET / HTTP/1.1\r\n\r\n");
        put(all, "proxy-bad-port", "PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n");
        put(all, "preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        all.put("proxy-v2", PROXY_V2);
        all.put("proxy-v2-length", HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2121ffffcb007107"));
        all.put("proxy-v2-local", HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"));
        return all;
    }

    static void put(Map<String, byte[]> all, String name, String text) {
        all.put(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
