package io.moongate.model.config;

/** Where {@code /livez}, {@code /readyz}, {@code /metrics} and {@code /config} are served. */
public record AdminSettings(
        @Parameter(
                value = "127.0.0.1",
                doc =
                        "Address of the admin endpoint. It has no authentication: keep it on loopback or behind a policy.")
        String address,

        @Parameter(value = "9090", doc = "TCP port; 0 takes any free one and prints it.", min = 0, max = 65535)
        int port) {
    public AdminSettings {
        if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
            throw new IllegalArgumentException("admin address '" + address + "' is not an IP address");
        }
    }
}
