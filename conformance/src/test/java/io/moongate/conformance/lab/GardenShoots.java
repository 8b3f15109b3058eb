package io.moongate.conformance.lab;

import io.moongate.dataplane.testing.Client;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shoots beside a gardenlet: each with its Shoot in the garden, its control plane in the seed, an API server that shows
 * which port its pods are configured for, and the tunnels of its clients, as these dial them.
 */
public final class GardenShoots implements AutoCloseable {
    private static final int HA_VPN_CLIENTS = 2;

    private final Cluster cluster;
    private final Gardenlet gardenlet;
    private final int upstream;
    private final Map<String, One> all = new LinkedHashMap<>();
    private final StringBuilder manifests = new StringBuilder();
    private final List<String> broken = new ArrayList<>();
    private long pings;

    /** What sets a shoot apart. */
    public enum Kind {
        PLAIN,
        HA,
        /** Its technical ID has single dashes. */
        OLD_ID,
        WORKERLESS,
        HIBERNATED
    }

    /** @param upstream the port of what is behind each control plane */
    public GardenShoots(Cluster cluster, Gardenlet gardenlet, int upstream) {
        this.cluster = cluster;
        this.gardenlet = gardenlet;
        this.upstream = upstream;
    }

    private static final class One {
        private final Kind kind;
        private final String technicalId;
        private final StaticShoot api = new StaticShoot();
        private Entrance entrance = Entrance.LEGACY;
        private List<Client> tunnels = List.of();
        private Pings pings = new Pings(List.of());

        private One(String name, Kind kind) throws IOException {
            this.kind = kind;
            this.technicalId = kind == Kind.OLD_ID ? "shoot-" + name : "shoot--test--" + name;
            api.uses(entrance);
        }
    }

    /** With the next {@link #create}. */
    public GardenShoots add(String name, Kind kind) throws IOException {
        var one = new One(name, kind);
        all.put(name, one);
        String servers = service(one.technicalId, "kube-apiserver", "kube-apiserver", 443);
        for (String server : vpnServers(one)) {
            servers += service(one.technicalId, server, "openvpn", 1194);
        }
        manifests.append(
                """
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: %1$s}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: %1$s}
                data: {kubeconfig: %2$s}
                %3$s---
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %4$s, namespace: %5$s}
                spec: {seedName: seed-1, dns: {domain: %4$s.example.org}, %6$s}
                """.formatted(one.technicalId, one.api.kubeconfig(), servers, name, Garden.NAMESPACE, spec(kind)));
        return this;
    }

    private static List<String> vpnServers(One one) {
        return switch (one.kind) {
            case WORKERLESS -> List.of();
            case HA -> List.of("vpn-seed-server-0", "vpn-seed-server-1");
            default -> List.of("vpn-seed-server");
        };
    }

    private static String spec(Kind kind) {
        return switch (kind) {
            case WORKERLESS -> "provider: {workers: []}";
            case HIBERNATED -> "provider: {workers: [{name: w}]}, hibernation: {enabled: true}";
            case HA ->
                "provider: {workers: [{name: w}]}, controlPlane: {highAvailability: {failureTolerance: {type: node}}}";
            default -> "provider: {workers: [{name: w}]}";
        };
    }

    private String service(String namespace, String name, String port, int number) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %2$s, namespace: %1$s}
                spec: {ports: [{name: %3$s, port: %4$d}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %2$s-1, namespace: %1$s, labels: {kubernetes.io/service-name: %2$s}}
                addressType: IPv4
                ports: [{name: %3$s, port: %5$d}]
                endpoints: [{addresses: ["%6$s"]}]
                """.formatted(namespace, name, port, number, upstream, cluster.outside());
    }

    /** All that were added since the last time; gardenlet has scheduled them, and not picked them up. */
    public void create(String... names) {
        gardenlet.create(manifests.toString());
        manifests.setLength(0);
        for (String name : names) {
            One one = one(name);
            gardenlet.status(name, """
                    {"technicalID": "%s", "seedName": "seed-1", "hibernated": %s,
                     "advertisedAddresses": [{"name": "internal", "url": "https://api.%s.example.org"}]}
                    """.formatted(one.technicalId, one.kind == Kind.HIBERNATED, name));
        }
    }

    /** What its pods are configured for from now on; they dial when they are told to. */
    public void configure(String name, Entrance entrance) {
        One one = one(name);
        one.entrance = entrance;
        one.api.uses(entrance);
    }

    /**
     * Its clients end what tunnels they have, and dial anew by their configuration; each pings from then on.
     *
     * @param bothHeaders as API server proxies before Gardener 1.144
     */
    public void dial(String name, int tunnels, boolean bothHeaders) throws IOException, InterruptedException {
        hangUp(name);
        One one = one(name);
        open(one, tunnels, bothHeaders);
        one.pings = new Pings(one.tunnels);
    }

    /** The same, without pings: for what is announced to end. */
    public void dialSilently(String name, int tunnels) throws IOException {
        open(one(name), tunnels, true);
    }

    private void open(One one, int tunnels, boolean bothHeaders) throws IOException {
        var clients = new ArrayList<Client>();
        for (String request : requests(one, tunnels, bothHeaders)) {
            int port = one.entrance == Entrance.UNIFIED ? 8443 : 8132;
            var client = new Client(new InetSocketAddress(cluster.address(), port));
            // As its load balancer does.
            client.send("PROXY TCP4 203.0.113.7 10.0.0.1 40000 " + port + "\r\n" + request);
            String head = client.readHead();
            if (!head.matches("(?s)HTTP/1\\.[01] 200 .*")) {
                throw new AssertionError("no tunnel of " + one.technicalId + " but " + head);
            }
            clients.add(client);
        }
        one.tunnels = clients;
    }

    /** VPN clients first, as OpenVPN dials; the API server proxies of its nodes are the rest. */
    private static List<String> requests(One one, int tunnels, boolean bothHeaders) {
        var requests = new ArrayList<String>();
        for (String server : vpnServers(one)) {
            for (int i = 0; i < (one.kind == Kind.HA ? HA_VPN_CLIENTS : 1); i++) {
                requests.add("CONNECT api.example.org:1194 HTTP/1.0\r\n"
                        + header(one.entrance, "1194", server, one)
                        + "Host: api.example.org\r\n\r\n");
            }
        }
        Entrance other = one.entrance == Entrance.UNIFIED ? Entrance.LEGACY : Entrance.UNIFIED;
        while (requests.size() < tunnels) {
            requests.add("CONNECT api.example.org:443 HTTP/1.1\r\nHost: api.example.org:443\r\n"
                    + header(one.entrance, "443", "kube-apiserver", one)
                    + (bothHeaders ? header(other, "443", "kube-apiserver", one) : "")
                    + "\r\n");
        }
        return requests;
    }

    private static String header(Entrance entrance, String port, String server, One one) {
        return entrance.header() + ": outbound|" + port + "||" + server + "." + one.technicalId
                + ".svc.cluster.local\r\n";
    }

    /** Waits until each of its tunnels has been ended by the gateway. */
    public void awaitEnd(String name) throws IOException {
        for (Client client : one(name).tunnels) {
            String more = client.read(1);
            if (!more.isEmpty()) {
                throw new AssertionError("a tunnel of " + name + " got " + more);
            }
            client.close();
        }
        one(name).tunnels = List.of();
    }

    /** Its tunnels end by its own will; what broke before that is kept. */
    public void hangUp(String name) throws InterruptedException {
        One one = one(name);
        one.pings.end().forEach(how -> broken.add(name + ": " + how));
        pings += one.pings.count();
        one.pings = new Pings(List.of());
        one.tunnels = List.of();
    }

    public void hangUpAll() throws InterruptedException {
        for (String name : all.keySet()) {
            hangUp(name);
        }
    }

    /** What was broken of tunnels that had been hung up since. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /** Answered ones, of tunnels that had been hung up since. */
    public long pings() {
        return pings;
    }

    /** By shoot, {@code LEGACY/UNIFIED}: how many tunnels are up on each port. */
    public Map<String, String> up() {
        var up = new LinkedHashMap<String, String>();
        all.forEach((name, one) -> {
            int count = one.tunnels.size();
            up.put(Garden.NAMESPACE + "/" + name, one.entrance == Entrance.LEGACY ? count + "/0" : "0/" + count);
        });
        return up;
    }

    private One one(String name) {
        One one = all.get(name);
        if (one == null) {
            throw new IllegalArgumentException("no shoot " + name);
        }
        return one;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        hangUpAll();
        for (One one : all.values()) {
            one.api.close();
        }
    }
}
