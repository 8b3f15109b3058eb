package io.moongate.model.config;

/** Where Envoys tell about the tunnels that they serve. */
public record AccessLogServiceSettings(
        @Parameter(
                value = "false",
                doc =
                        "Whether Envoys tell about their tunnels here, by their gRPC access log service. Taken at the start.")
        Boolean enabled,

        @Parameter(
                value = "127.0.0.1",
                doc = "Address. Who reaches it can claim to have seen tunnels: keep it on loopback or behind a policy.")
        String address,

        @Parameter(value = "18001", doc = "TCP port; 0 takes any free one and prints it.", min = 0, max = 65535)
        int port,

        @Parameter(
                value = "1",
                doc =
                        "How many Envoys serve tunnels. While fewer of them are connected, nobody looks, and that time counts as not observed.",
                min = 1)
        int envoys) {
    public AccessLogServiceSettings {
        if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
            throw new IllegalArgumentException(
                    "evidence.accessLogService address '" + address + "' is not an IP address");
        }
    }
}
