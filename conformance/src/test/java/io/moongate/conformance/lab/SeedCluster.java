package io.moongate.conformance.lab;

import io.moongate.dataplane.testing.Client;
import io.moongate.dataplane.testing.Plans;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A cluster with shoots' control planes, and its two entrances as clients see them. */
public class SeedCluster {
    protected final Cluster cluster;

    public SeedCluster(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A namespace with an API server's Service; behind it, where {@code port} is not 0, a server of the test. */
    public void controlPlane(String technicalId, int port) throws IOException {
        cluster.kubectl("create", "namespace", technicalId);
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %s}
                spec: {ports: [{name: kube-apiserver, port: 443}]}
                """.formatted(technicalId));
        if (port != 0) {
            endpoint(technicalId, "kube-apiserver", port);
        }
    }

    /** The VPN servers' Services, with a server of the test behind each. */
    public void vpnServers(String technicalId, boolean ha, int port) throws IOException {
        for (String name : ha ? List.of("vpn-seed-server-0", "vpn-seed-server-1") : List.of("vpn-seed-server")) {
            cluster.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s, namespace: %s}
                    spec: {ports: [{name: openvpn, port: 1194}]}
                    """.formatted(name, technicalId));
            endpoint(technicalId, name, port);
        }
    }

    private void endpoint(String technicalId, String service, int port) throws IOException {
        cluster.apply("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-1, namespace: %2$s, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: %3$s, port: %4$d}]
                endpoints: [{addresses: ["%5$s"]}]
                """.formatted(
                service, technicalId, service.equals("kube-apiserver") ? service : "openvpn", port, cluster.outside()));
    }

    /** The head of the answer to one CONNECT. */
    public String connect(Entrance entrance, String technicalId) throws IOException {
        return connectTo(entrance, Plans.apiServer(technicalId));
    }

    public String connectTo(Entrance entrance, String value) throws IOException {
        try (var client = new Client(address(entrance))) {
            return client.send(Client.connect(entrance, value)).readHead();
        }
    }

    /** The head of the answer to a request that is no CONNECT, with the header that leads to an API server. */
    public String get(Entrance entrance, String technicalId) throws IOException {
        try (var client = new Client(address(entrance))) {
            String header = entrance.header() + ": " + Plans.apiServer(technicalId);
            return client.send("GET / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
                    .readHead();
        }
    }

    /** Half of them through each port. */
    public List<Client> tunnels(int count, String technicalId) throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < count; i++) {
            Entrance entrance = i % 2 == 0 ? Entrance.UNIFIED : Entrance.LEGACY;
            var client = new Client(address(entrance));
            client.send(Client.connect(entrance, Plans.apiServer(technicalId)));
            String head = client.readHead();
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new AssertionError("no tunnel but " + head);
            }
            clients.add(client);
        }
        return clients;
    }

    private InetSocketAddress address(Entrance entrance) {
        return new InetSocketAddress(host(), entrance == Entrance.UNIFIED ? 8443 : 8132);
    }

    /** Of the gateway that serves the entrances. */
    protected String host() {
        return cluster.address();
    }

    /** What the gateway's Envoy runs with, without the times at which it was told. */
    public String listeners() throws IOException, InterruptedException {
        return admin("/config_dump?resource=dynamic_listeners&mask=active_state.listener");
    }

    /** How often its Envoy has taken another configuration for a listener that it had: each time its tunnels drain. */
    public long drains() throws IOException, InterruptedException {
        String stat = admin("/stats?filter=listener_manager.listener_modified");
        return Long.parseLong(stat.strip().replaceAll(".*: ", ""));
    }

    /** The clusters that its Envoy knows. */
    public String clusters() throws IOException, InterruptedException {
        return admin("/clusters");
    }

    private String admin(String page) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + host() + ":15000" + page))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
