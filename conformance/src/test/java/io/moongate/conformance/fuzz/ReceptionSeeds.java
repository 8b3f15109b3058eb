package io.moongate.conformance.fuzz;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The seeds of the parsers, sent to both listeners, and tunnels. */
final class ReceptionSeeds {
    private ReceptionSeeds() {}

    static Map<String, byte[]> all() {
        var all = new TreeMap<String, byte[]>();
        HeadSeeds.all().forEach((name, bytes) -> {
            all.put("unified-" + name, chosen(0, bytes));
            all.put("legacy-cut-" + name, chosen(ReceptionFuzzer.LEGACY | ReceptionFuzzer.CUT | 5 << 3, bytes));
        });
        String connect = Client.connect(Entrance.UNIFIED, Plans.apiServer(LiveGateway.SHOOT));
        put(all, "tunnel", 0, connect + "early payload");
        put(all, "tunnel-cut", ReceptionFuzzer.CUT, connect + "early payload");
        put(all, "tunnel-reset", ReceptionFuzzer.RESET, connect);
        put(
                all,
                "tunnel-behind-proxy",
                ReceptionFuzzer.LEGACY,
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 8132\r\n"
                        + Client.connect(Entrance.LEGACY, Plans.apiServer(LiveGateway.SHOOT)) + "early");
        put(all, "wrong-header", 0, Client.connect(Entrance.LEGACY, Plans.apiServer(LiveGateway.SHOOT)));
        put(all, "two-headers", 0, connect.replace("\r\n\r\n", "\r\nX-Gardener-Destination: a\r\n\r\n"));
        put(all, "early-payload", 0, connect + "x".repeat(1000));
        put(all, "tls", 0, "\u0016\u0003\u0001\u0002\u0000\u0001");
        put(all, "nothing", 0, "");
        return all;
    }

    private static void put(Map<String, byte[]> all, String name, int choice, String text) {
        all.put(name, chosen(choice, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static byte[] chosen(int choice, byte[] bytes) {
        byte[] all = new byte[bytes.length + 1];
        all[0] = (byte) choice;
        System.arraycopy(bytes, 0, all, 1, bytes.length);
        return all;
    }
}
