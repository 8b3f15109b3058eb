package io.moongate.cli.peer;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.operator.apply.RawRequests;
import java.io.IOException;
import java.util.Map;

/** A seed's witness, through the seed's API server: it asks for what {@code witness.readers} of the chart has opened. */
final class SeedPeer implements Peer {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final String name;
    private final KubernetesClient client;
    private final String path;

    /** @param client closed with this */
    SeedPeer(String name, KubernetesClient client, String namespace, String service) {
        this.name = name;
        this.client = client;
        this.path = "/api/v1/namespaces/" + namespace + "/services/" + service + ":readers/proxy";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
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
