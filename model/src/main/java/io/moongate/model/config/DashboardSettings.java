package io.moongate.model.config;

/** Where the web dashboard is served. */
public record DashboardSettings(
        @Parameter(value = "true", doc = "Whether `moongate run` serves it.")
        Boolean enabled,

        @Parameter(
                value = "127.0.0.1",
                doc =
                        "Address. Everybody who reaches it can read: keep it on loopback or behind a policy. Deciding needs a token (`--dashboard-token`).")
        String address,

        @Parameter(value = "8080", doc = "TCP port; 0 takes any free one and prints it.", min = 0, max = 65535)
        int port) {
    public DashboardSettings {
        if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
            throw new IllegalArgumentException("dashboard address '" + address + "' is not an IP address");
        }
    }
}
