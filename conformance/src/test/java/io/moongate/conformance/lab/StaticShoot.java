package io.moongate.conformance.lab;

import com.sun.net.httpserver.HttpServer;
import io.moongate.model.destination.Entrance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One API server for any number of shoots that are looked at: one node; all on the unified port, unless told otherwise. */
public final class StaticShoot implements AutoCloseable {
    private static final String READY =
            "\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\", \"lastTransitionTime\": \"2026-01-01T00:00:00Z\"}]}";
    private static final String PODS = "/api/v1/namespaces/kube-system/pods";
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/v1/nodes",
            "{\"kind\": \"NodeList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [{\"metadata\": {\"name\": \"n1\"}, \"spec\": {}, "
                    + READY + "}]}",
            PODS,
            """
            {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [
             {"metadata": {"name": "vpn-shoot-1", "uid": "1"}, "spec": {"nodeName": "n1", "containers": [{"name": "vpn-shoot", "env": [
               {"name": "OPENVPN_PORT", "value": "8443"}, {"name": "REVERSED_VPN_HEADER_KEY", "value": "X-Gardener-Destination"}]}]}, %1$s},
             {"metadata": {"name": "apiserver-proxy-1", "uid": "2"}, "spec": {"nodeName": "n1", "containers": [{"name": "proxy"}],
               "volumes": [{"name": "c", "configMap": {"name": "unified"}}]}, %1$s}]}
            """.formatted(READY),
            "/api/v1/namespaces/kube-system/configmaps/unified",
            configMap("unified", 8443),
            "/api/v1/namespaces/kube-system/configmaps/legacy",
            configMap("legacy", 8132));

    private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    private final AtomicLong requests = new AtomicLong();
    private volatile int status = 200;
    private volatile Entrance entrance = Entrance.UNIFIED;

    public StaticShoot() throws IOException {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                String answer = answer(exchange.getRequestURI().getPath());
                byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer == null ? 404 : status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    private static String configMap(String name, int port) {
        return """
                {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "%s"}, "data": {"a": "port_value: %d"}}
                """.formatted(name, port);
    }

    private @Nullable String answer(String path) {
        String answer = ANSWERS.get(path);
        return answer == null || entrance == Entrance.UNIFIED || !path.equals(PODS)
                ? answer
                : answer.replace("8443", "8132")
                        .replace(Entrance.UNIFIED.header(), Entrance.LEGACY.header())
                        .replace("\"unified\"", "\"legacy\"");
    }

    /** All its pods have the configuration of this port from now on. */
    public void uses(Entrance port) {
        entrance = port;
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
