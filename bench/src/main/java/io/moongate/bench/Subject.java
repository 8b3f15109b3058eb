package io.moongate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A running program between the load and the server. */
record Subject(String name, Process process, int port, boolean connect) implements AutoCloseable {
    private static final String VALUE = "outbound|443||kube-apiserver.shoot--bench--one.svc.cluster.local";
    private static final String REQUEST =
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nX-Gardener-Destination: " + VALUE + "\r\n\r\n";
    private static final int TRIES = 300;

    static Subject moongate(Path folder, Path launcher, int server) throws IOException, InterruptedException {
        int port = freePort();
        Path landscape = Files.createDirectories(folder.resolve("landscape"));
        Files.writeString(landscape.resolve("all.yaml"), """
                apiVersion: config.moongate.io/v1alpha1
                kind: MoongateConfiguration
                gateway:
                  listeners:
                    unified: {port: %d, addresses: ["127.0.0.1"]}
                    legacy: {addresses: []}
                admin: {port: %d}
                ---
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: one, namespace: garden-bench}
                spec: {seedName: s, provider: {workers: [{name: w}]}}
                status: {technicalID: shoot--bench--one, seedName: s}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: a, namespace: shoot--bench--one, labels: {kubernetes.io/service-name: kube-apiserver}}
                addressType: IPv4
                ports: [{port: %d}]
                endpoints: [{addresses: ["127.0.0.1"]}]
                """.formatted(port, freePort(), server));
        return started(
                "Moongate",
                folder,
                port,
                true,
                List.of(
                        launcher.toString(),
                        "run",
                        "--landscape",
                        landscape.toString(),
                        "--access-log",
                        folder.resolve("access.log").toString()));
    }

    static Subject envoy(Path folder, Path binary, int server) throws IOException, InterruptedException {
        int port = freePort();
        Path config = Files.writeString(
                folder.resolve("envoy.yaml"), """
                layered_runtime: {layers: [{name: static, static_layer: {re2.max_program_size.error_level: 1000}}]}
                static_resources:
                  listeners:
                  - address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                    per_connection_buffer_limit_bytes: 32768
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: unified
                          http_protocol_options: {accept_http_10: true}
                          upgrade_configs: [{upgrade_type: CONNECT}]
                          access_log:
                          - name: envoy.access_loggers.file
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: %s}
                          http_filters: [{name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match:
                                  connect_matcher: {}
                                  headers: [{name: X-Gardener-Destination, string_match: {safe_regex: {regex: 'outbound\\|443\\|\\|kube-apiserver\\..*\\.svc\\.cluster\\.local'}}}]
                                route: {cluster_header: X-Gardener-Destination, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}
                  clusters:
                  - name: "%s"
                    type: STATIC
                    load_assignment: {cluster_name: a, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                """.formatted(port, folder.resolve("envoy-access.log"), VALUE, server));
        return started(
                "Envoy",
                folder,
                port,
                true,
                List.of(binary.toString(), "-c", config.toString(), "--use-dynamic-base-id", "-l", "warning"));
    }

    /** A TCP proxy that reads no request: what any user-space relay costs at least. */
    static Subject haproxy(Path folder, Path binary, int server) throws IOException, InterruptedException {
        int port = freePort();
        Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                global
                  maxconn 4000
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                listen one
                  bind 127.0.0.1:%d
                  server one 127.0.0.1:%d
                """.formatted(port, server));
        return started("HAProxy", folder, port, false, List.of(binary.toString(), "-f", config.toString()));
    }

    private static Subject started(String name, Path folder, int port, boolean connect, List<String> command)
            throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var subject = new Subject(name, process, port, connect);
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try {
                subject.open('e').close();
                return subject;
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        process.destroy();
        throw new IOException(name + " did not start:\n" + Files.readString(log));
    }

    /** A tunnel to the server, in the server's mode. */
    Socket open(char mode) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (connect) {
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            awaitHead(socket);
        }
        socket.getOutputStream().write(mode);
        return socket;
    }

    private static void awaitHead(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("no tunnel: " + head);
            }
            head.append((char) b);
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException("no tunnel: " + head);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public String toString() {
        return name;
    }
}
