package io.moongate.operator.apply;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.moongate.model.net.RequestGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Requests past the client's own operations: they read the object before each patch. */
public final class RawRequests {
    /** Far above what an API server holds of one object. */
    static final int LARGEST_ANSWER = 64 << 20;

    /** For a whole answer, which may come through the API server from another. */
    static final int ANSWER_SECONDS = 60;

    private final KubernetesClient client;

    private final int largest;
    private final Duration longest;

    /** @param client stays the caller's */
    public RawRequests(KubernetesClient client) {
        this(client, LARGEST_ANSWER, Duration.ofSeconds(ANSWER_SECONDS));
    }

    RawRequests(KubernetesClient client, int largest, Duration longest) {
        this.client = client;
        this.largest = largest;
        this.longest = longest;
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
    public String send(String method, String path, String contentType, String content) {
        var http = client.getHttpClient();
        String master = client.getConfiguration().getMasterUrl();
        var request = http.newHttpRequestBuilder()
                .uri(master.substring(0, master.length() - (master.endsWith("/") ? 1 : 0)) + path)
                .header(RequestGuard.TOOL_HEADER, "true")
                .timeout(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS);
        if (!method.equals("GET")) {
            request.method(method, contentType, content);
        }
        var answer = new BoundedAnswer(largest);
        HttpResponse<AsyncBody> response;
        try {
            response = answer.of(http.consumeBytes(request.build(), answer), longest);
        } catch (IOException e) {
            throw new KubernetesClientException(method + " " + path + ": " + e.getMessage(), e);
        }
        String body = answer.text();
        if (!response.isSuccessful()) {
            Status status = status(body);
            String said = status.getMessage() == null ? "" : ", " + status.getMessage();
            throw new KubernetesClientException(
                    method + " " + path + ": " + response.code() + said, response.code(), status);
        }
        return body;
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
