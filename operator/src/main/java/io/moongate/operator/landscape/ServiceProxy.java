package io.moongate.operator.landscape;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.operator.apply.RawRequests;
import java.io.IOException;
import java.util.Map;

/** A Service's pods, through the API server, which asks who may: {@code get} of {@code services/proxy}. Safe for several threads. */
public final class ServiceProxy implements AutoCloseable {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final String path;

    /** @param client closed with this */
    ServiceProxy(KubernetesClient client, String namespace, String service, String port) {
        this.client = client;
        this.path = "/api/v1/namespaces/" + namespace + "/services/" + service + ":" + port + "/proxy";
    }

    /**
     * @param page a path from the root
     * @throws IOException with the reason in words
     */
    public Map<?, ?> get(String page) throws IOException {
        try {
            return new RawRequests(client).read(path + page);
        } catch (KubernetesClientException e) {
            String way = switch (e.getCode()) {
                case FORBIDDEN -> "; the Role of the chart's that reads it is <release>-witness-reader";
                case NOT_FOUND -> "; does the chart run there with witness.readers?";
                default -> "";
            };
            throw new IOException(e.getMessage() + way, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
