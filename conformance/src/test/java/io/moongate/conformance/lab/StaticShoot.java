package io.moongate.conformance.lab;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** One API server for any number of shoots that are looked at and never change: one node, all on the unified port. */
public final class StaticShoot implements AutoCloseable {
    private static final String READY =
            "\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\", \"lastTransitionTime\": \"2026-01-01T00:00:00Z\"}]}";
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/v1/nodes",
            "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [{\"metadata\": {\"name\": \"n1\"}, \"spec\": {}, "
                    + READY + "}]}",
            "/api/v1/namespaces/kube-system/pods",
            """
            {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [
             {"metadata": {"name": "vpn-shoot-1", "uid": "1"}, "spec": {"nodeName": "n1", "containers": [{"name": "vpn-shoot", "env": [
               {"name": "OPENVPN_PORT", "value": "8443"}, {"name": "REVERSED_VPN_HEADER_KEY", "value": "X-Gardener-Destination"}]}]}, %1$s},
             {"metadata": {"name": "apiserver-proxy-1", "uid": "2"}, "spec": {"nodeName": "n1", "containers": [{"name": "proxy"}],
               "volumes": [{"name": "c", "configMap": {"name": "unified"}}]}, %1$s}]}
            """.formatted(READY),
            "/api/v1/namespaces/kube-system/configmaps/unified",
            "{\"kind\": \"ConfigMap\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"unified\"}, \"data\": {\"a\": \"port_value: 8443\"}}");

    private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    private final AtomicLong requests = new AtomicLong();
    private volatile int status = 200;

    public StaticShoot() throws IOException {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                String answer = ANSWERS.get(exchange.getRequestURI().getPath());
                byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer == null ? 404 : status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    /** From now on, whatever is asked for. */
    public void answerWith(int code) {
        status = code;
    }

    public long requests() {
        return requests.get();
    }

    /** As a Secret's value. */
    public String kubeconfig() {
        return Kubeconfigs.onPort(server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
