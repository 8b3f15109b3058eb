package io.moongate.model.config;

import io.moongate.model.destination.Entrance;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where Envoys tell about the tunnels that they serve. */
public record AccessLogServiceSettings(
        @Parameter(
                value = "false",
                doc =
                        "Whether Envoys tell about their tunnels here, by their gRPC access log service. Taken at the start.")
        Boolean enabled,

        @Parameter(
                value = "127.0.0.1",
                doc =
                        "Address. A client that reaches it can claim to have seen tunnels: keep it on loopback, behind a policy, or use `tls`.")
        String address,

        @Parameter(value = "18001", doc = "TCP port; 0 takes any free one and prints it.", min = 0, max = 65535)
        int port,

        @Parameter(
                value = "1",
                doc =
                        "How many Envoys serve tunnels. While fewer of them are connected, nobody looks, and that time counts as not observed.",
                min = 1)
        int envoys,

        @Parameter(
                value = "\"\"",
                doc =
                        "In a cluster: the Service of `moongate witness`, as `name.namespace`, to which the gateways of the seed tell. Istio's are configured for that: it changes their listeners, once.")
        String service,

        @Parameter(
                value = "400",
                doc =
                        "Largest number of connections. The newest one beyond it is refused, and the next minute counts as not observed.",
                min = 1,
                max = 100_000)
        int connections,

        @Parameter(
                value = "100000",
                doc =
                        "Largest number of records per second, on average of ten seconds; one stream has a quarter of it. A stream beyond it is refused, and the next minute counts as not observed.",
                min = 1,
                max = 10_000_000)
        int recordsPerSecond,

        @Parameter(doc = "Mutual TLS. The files are read again when they change.")
        AccessLogTls tls) {
    private static final int CONNECTIONS = 400;
    private static final int RECORDS = 100_000;
    private static final Pattern SERVICE =
            Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    public AccessLogServiceSettings {
        if (io.moongate.model.net.Addresses.parse(address).isEmpty()) {
            throw new IllegalArgumentException(
                    "evidence.accessLogService address '" + address + "' is not an IP address");
        }
        if (!service.isEmpty() && !SERVICE.matcher(service).matches()) {
            throw new IllegalArgumentException("evidence.accessLogService service '" + service
                    + "' is not of the form name.namespace, as in moongate-witness.moongate-system");
        }
    }

    /** With the default limits, without TLS. */
    public AccessLogServiceSettings(Boolean enabled, String address, int port, int envoys, String service) {
        this(enabled, address, port, envoys, service, CONNECTIONS, RECORDS, AccessLogTls.none());
    }

    /** The Service's DNS name; empty where gateways tell nobody. */
    public Optional<String> host() {
        return enabled && !service.isEmpty() ? Optional.of(service + ".svc.cluster.local") : Optional.empty();
    }

    /** What the access log of an entrance is called: that is how the one who takes it knows the port. */
    public static String logName(Entrance entrance) {
        return "moongate-" + entrance.label();
    }
}
