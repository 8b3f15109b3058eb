package io.moongate.conformance.chaos;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Function;

/** First bytes that are no request, requests that are refused, and clients that leave at any moment. */
final class OddRequests implements Nuisance {
    private static final int PATIENCE_MILLIS = 300;
    private static final byte[] PROXY_V2 = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final byte[] TLS_HELLO = HexFormat.of().parseHex("1603010200010001fc0303");

    private final Function<Entrance, InetSocketAddress> gateway;
    private final String value;

    /** @param value a destination that there is */
    OddRequests(Function<Entrance, InetSocketAddress> gateway, String value) {
        this.gateway = gateway;
        this.value = value;
    }

    @Override
    public void once(Random random) throws IOException {
        Entrance entrance = random.nextBoolean() ? Entrance.UNIFIED : Entrance.LEGACY;
        try (var client = new Client(gateway.apply(entrance))) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            switch (random.nextInt(13)) {
                case 0 -> client.send(OddFiles.bytes(random, random.nextInt(40_000)));
                case 1 -> client.send(PROXY_V2).send(OddFiles.bytes(random, random.nextInt(70_000)));
                case 2 -> client.send(TLS_HELLO);
                case 3 -> client.send("\r\n".repeat(random.nextInt(10_000)));
                case 4 -> client.send("GET / HTTP/1.1\r\n" + "x: y\r\n".repeat(random.nextInt(5_000)) + "\r\n");
                case 5 -> client.send(Client.connect(entrance, value).substring(0, random.nextInt(60)));
                case 6 -> client.send(Client.connect(entrance, Plans.apiServer("shoot--no--" + random.nextInt())));
                case 7 -> client.send(Client.connect(entrance.other(), value));
                case 8 -> client.send(Client.connect(entrance, value).replace("HTTP/1.1", "HTTP/9.9"));
                case 9 -> client.send(Client.connect(entrance, value) + "early".repeat(random.nextInt(20_000)));
                case 10 -> client.send("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + Client.connect(entrance, value));
                case 11 -> client.send(Client.connect(entrance, value)).finish();
                default -> client.send(mutated(Client.connect(entrance, value), random));
            }
            if (random.nextBoolean()) {
                client.in().read(new byte[512]);
            }
            if (random.nextBoolean()) {
                client.reset();
            }
        }
    }

    private static String mutated(String request, Random random) {
        var chars = new StringBuilder(request);
        chars.setCharAt(random.nextInt(chars.length()), (char) random.nextInt(256));
        return chars.toString();
    }
}
