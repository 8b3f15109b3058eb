package io.moongate.model.destination;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a header value names: one server of a shoot's control plane.
 *
 * @param namespace the shoot's technical ID
 */
public record Destination(Server server, String namespace) {

    private static final String SOCKET = "--kube-apiserver-socket";

    /** The servers of a control plane that tunnels may reach. */
    public enum Server {
        KUBE_APISERVER("kube-apiserver", 443),
        VPN("vpn-seed-server", 1194),
        VPN_0("vpn-seed-server-0", 1194),
        VPN_1("vpn-seed-server-1", 1194),
        VPN_2("vpn-seed-server-2", 1194),
        VPN_3("vpn-seed-server-3", 1194),
        VPN_4("vpn-seed-server-4", 1194);

        /** The members that an HA VPN can have, in order. */
        public static final List<Server> VPN_MEMBERS = List.of(VPN_0, VPN_1, VPN_2, VPN_3, VPN_4);

        private final String service;
        private final int port;

        Server(String service, int port) {
            this.service = service;
            this.port = port;
        }

        public String service() {
            return service;
        }

        public int port() {
            return port;
        }
    }

    /** Reads what {@link #headerValue} writes; empty for anything else. */
    public static Optional<Destination> parse(String headerValue) {
        String[] parts = headerValue.split("\\|", -1);
        String[] name = parts.length == 4 ? parts[3].split("\\.", 3) : new String[0];
        return name.length < 2
                ? Optional.empty()
                : Arrays.stream(Server.values())
                        .map(server -> new Destination(server, name[1]))
                        .filter(destination -> destination.headerValue().equals(headerValue))
                        .findFirst();
    }

    /**
     * The technical ID of the shoot that a header's value leads to, in any documented form. Evidence needs it also for a
     * server that the plan does not know: an Envoy that routes by a pattern lets it through.
     */
    public static Optional<String> technicalIdOf(String headerValue) {
        if (headerValue.endsWith(SOCKET)) {
            return Optional.of(headerValue.substring(0, headerValue.length() - SOCKET.length()))
                    .filter(id -> !id.isEmpty());
        }
        return parse(headerValue).map(Destination::namespace);
    }

    public String dnsName() {
        return server.service() + "." + namespace + ".svc.cluster.local";
    }

    /** The value that clients send: {@code outbound|443||kube-apiserver.<ns>.svc.cluster.local}. */
    public String headerValue() {
        return "outbound|" + server.port() + "||" + dnsName();
    }

    /** All documented forms: with Istio's TLS termination the API server is also named by its socket. */
    public List<String> headerValues() {
        return server == Server.KUBE_APISERVER ? List.of(headerValue(), namespace + SOCKET) : List.of(headerValue());
    }
}
