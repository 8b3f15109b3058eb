package io.moongate.model.config;

import io.moongate.model.net.RequestGuard;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where {@code /livez}, {@code /readyz}, {@code /metrics} and {@code /config} are served. */
public record AdminSettings(
        @Parameter(
                value = "127.0.0.1",
                doc =
                        "Address of the admin endpoint. It has no authentication: keep it on loopback or behind a policy.")
        String address,

        @Parameter(value = "9090", doc = "TCP port; 0 takes any free one and prints it.", min = 0, max = 65535)
        int port,

        @Parameter(
                value = "[]",
                doc =
                        "DNS names by which the admin endpoint and the shared address may be asked for, beside IP addresses and `localhost`. Other names are refused: a web page could use them.")
        List<String> hosts) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    /** Without names. */
    public AdminSettings(String address, int port) {
        this(address, port, List.of());
    }

    /** Of the admin endpoint. */
    public RequestGuard guard() {
        return new RequestGuard(Set.copyOf(hosts), false);
    }

    /** Of what is shared: API servers forward to it. */
    public RequestGuard sharedGuard() {
        return new RequestGuard(Set.copyOf(hosts), true);
    }

    public AdminSettings {
        hosts = List.copyOf(hosts);
        for (String host : hosts) {
            if (!NAME.matcher(host).matches()) {
                throw new IllegalArgumentException("admin host '" + host + "' is not a DNS name in lower case");
            }
        }
        if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
            throw new IllegalArgumentException("admin address '" + address + "' is not an IP address");
        }
    }
}
