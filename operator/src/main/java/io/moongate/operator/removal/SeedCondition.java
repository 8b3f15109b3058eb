package io.moongate.operator.removal;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moongate.manifest.write.Trees;
import io.moongate.operator.apply.RawRequests;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The condition {@code HTTPProxyLegacyPortRemovable} of a Seed. Written place by place, with a test of what was read:
 * Seeds are few, and no other entry of the list is ever touched, whatever the API server makes of lists.
 */
public final class SeedCondition {
    public static final String TYPE = "HTTPProxyLegacyPortRemovable";

    private static final String API = "/apis/core.gardener.cloud/v1beta1/seeds/";
    private static final int CONFLICT = 409;
    private static final int TEST_FAILED = 422;
    private static final int TRIES = 10;

    private final RawRequests garden;
    private final String seed;

    /**
     * What it is to say.
     *
     * @param status {@code True}, {@code False} or {@code Unknown}
     * @param reason one word
     */
    public record Said(String status, String reason, String message) {}

    SeedCondition(KubernetesClient garden, String seed) {
        this.garden = new RawRequests(garden);
        this.seed = seed;
    }

    /** Writes it where it does not say that already; throws what the API server answers. */
    void say(Said said) {
        for (int left = TRIES; ; left--) {
            Map<String, Object> read = garden.read(API + seed);
            Optional<String> patch = patch(read, said, Instant.now());
            if (patch.isEmpty()) {
                return;
            }
            try {
                garden.send("PATCH", API + seed + "/status", "application/json-patch+json", patch.get());
                return;
            } catch (KubernetesClientException e) {
                if ((e.getCode() != CONFLICT && e.getCode() != TEST_FAILED) || left == 0) {
                    throw e;
                }
            }
        }
    }

    /** Empty where it says that already. */
    static Optional<String> patch(Map<String, Object> seed, Said said, Instant now) {
        Map<?, ?> status = seed.get("status") instanceof Map<?, ?> map ? map : Map.of();
        List<?> conditions = status.get("conditions") instanceof List<?> list ? list : List.of();
        int index = 0;
        while (index < conditions.size()
                && !(conditions.get(index) instanceof Map<?, ?> entry && TYPE.equals(entry.get("type")))) {
            index++;
        }
        Optional<Map<?, ?>> before =
                index < conditions.size() ? Optional.of((Map<?, ?>) conditions.get(index)) : Optional.empty();
        if (before.filter(entry -> says(entry, said)).isPresent()) {
            return Optional.empty();
        }
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        Object since = before.filter(entry -> said.status().equals(entry.get("status")))
                .<Object>map(entry -> entry.get("lastTransitionTime"))
                .orElse(time);
        Map<String, Object> entry = entry(said, since, time);
        Object version = seed.get("metadata") instanceof Map<?, ?> meta ? meta.get("resourceVersion") : "";
        var operations = new ArrayList<Map<String, Object>>();
        operations.add(operation("test", "/metadata/resourceVersion", String.valueOf(version)));
        if (before.isPresent()) {
            operations.add(operation("replace", "/status/conditions/" + index, entry));
        } else if (status.get("conditions") instanceof List<?>) {
            operations.add(operation("add", "/status/conditions/-", entry));
        } else if (seed.get("status") instanceof Map<?, ?>) {
            operations.add(operation("add", "/status/conditions", List.of(entry)));
        } else {
            operations.add(operation("add", "/status", Map.of("conditions", List.of(entry))));
        }
        return Optional.of(Trees.json(operations));
    }

    private static boolean says(Map<?, ?> entry, Said said) {
        return said.status().equals(entry.get("status"))
                && said.reason().equals(entry.get("reason"))
                && said.message().equals(entry.get("message"));
    }

    private static Map<String, Object> entry(Said said, Object since, String now) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("type", TYPE);
        entry.put("status", said.status());
        entry.put("reason", said.reason());
        entry.put("message", said.message());
        entry.put("lastTransitionTime", since);
        entry.put("lastUpdateTime", now);
        return entry;
    }

    private static Map<String, Object> operation(String op, String path, Object value) {
        var operation = new LinkedHashMap<String, Object>();
        operation.put("op", op);
        operation.put("path", path);
        operation.put("value", value);
        return operation;
    }
}
