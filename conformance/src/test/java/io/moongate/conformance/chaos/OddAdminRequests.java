package io.moongate.conformance.chaos;

import io.moongate.dataplane.testing.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;

/** Requests to the admin endpoint that no tool of ours sends. */
final class OddAdminRequests implements Nuisance {
    private static final int PATIENCE_MILLIS = 300;
    private static final String[] PATHS = {
        "/livez",
        "/readyz",
        "/metrics",
        "/config",
        "/adoption",
        "/legacy-port",
        "/confirm/x",
        "/legacy-port/remove",
        "/%"
    };
    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "OPTIONS", "X"};
    private static final String[] HOSTS = {"127.0.0.1", "evil.example", "", "[::1]:1", "localhost:x", "a\tb"};

    private final int port;

    OddAdminRequests(int port) {
        this.port = port;
    }

    @Override
    public void once(Random random) throws IOException {
        try (var client = new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            switch (random.nextInt(4)) {
                case 0 -> client.send(OddFiles.bytes(random, random.nextInt(40_000)));
                case 1 -> client.send(request(random, "Content-Length: 1000000000\r\n") + "x".repeat(30_000));
                case 2 -> {
                    String body = "{\"a\":".repeat(3_000);
                    client.send(request(
                                    random,
                                    "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                            + body);
                }
                default -> client.send(request(random, ""));
            }
            client.in().read(new byte[512]);
        }
    }

    private static String request(Random random, String more) {
        return METHODS[random.nextInt(METHODS.length)] + " " + PATHS[random.nextInt(PATHS.length)]
                + " HTTP/1.1\r\nHost: " + HOSTS[random.nextInt(HOSTS.length)] + "\r\n" + more + "\r\n";
    }
}
