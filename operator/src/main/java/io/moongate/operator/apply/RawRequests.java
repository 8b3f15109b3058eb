package io.moongate.operator.apply;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.moongate.model.net.RequestGuard;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Requests past the client's own operations: they read the object before each patch. */
public final class RawRequests {
    private final KubernetesClient client;

    /** @param client stays the caller's */
    public RawRequests(KubernetesClient client) {
        this.client = client;
    }

    public Map<String, Object> read(String path) {
        return parse(send("GET", path, "application/json", ""));
    }

    /** A JSON object. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> parse(String json) {
        return client.getKubernetesSerialization().unmarshal(json, Map.class);
    }

    /** @throws KubernetesClientException with what the API server says */
    public String send(String method, String path, String contentType, String body) {
        var http = client.getHttpClient();
        String master = client.getConfiguration().getMasterUrl();
        var request = http.newHttpRequestBuilder()
                .uri(master.substring(0, master.length() - (master.endsWith("/") ? 1 : 0)) + path)
                .header(RequestGuard.TOOL_HEADER, "true")
                .timeout(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS);
        if (!method.equals("GET")) {
            request.method(method, contentType, body);
        }
        HttpResponse<String> response;
        try {
            response = http.sendAsync(request.build(), String.class).join();
        } catch (CompletionException e) {
            throw new KubernetesClientException(method + " " + path + ": " + e.getCause(), e);
        }
        if (!response.isSuccessful()) {
            Status status = status(response.body());
            String said = status.getMessage() == null ? "" : ", " + status.getMessage();
            throw new KubernetesClientException(
                    method + " " + path + ": " + response.code() + said, response.code(), status);
        }
        return response.body();
    }

    /** What the API server says; whoever stands before it may answer in another form. */
    private Status status(String body) {
        try {
            Status status = client.getKubernetesSerialization().unmarshal(body, Status.class);
            return status == null ? new Status() : status;
        } catch (RuntimeException e) {
            return new Status();
        }
    }
}
