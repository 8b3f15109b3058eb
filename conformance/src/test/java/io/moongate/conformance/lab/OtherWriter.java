package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody else who changes a condition of his own in a Shoot's status, again and again, and looks whether it stays. */
public final class OtherWriter {
    private static final String TYPE = "APIServerAvailable";
    private static final int CONFLICT = 409;

    private final Cluster garden;
    private final String shoot;
    private final Way way;
    private final int times;
    private final Thread thread;
    private volatile int lost;
    private volatile @Nullable Throwable failure;

    /** How he writes. */
    public enum Way {
        APPLY,
        STRATEGIC_MERGE,
        /** The whole object, with the version that he has read. */
        UPDATE
    }

    public OtherWriter(Cluster garden, String shoot, Way way, int times) {
        this.garden = garden;
        this.shoot = shoot;
        this.way = way;
        this.times = times;
        this.thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((died, why) -> failure = why)
                .start(this::run);
    }

    private void run() {
        var config = Config.fromKubeconfig(garden.kubeconfig().toFile());
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            var one = resource(client);
            for (int i = 0; i < times; i++) {
                write(client, one, Integer.toString(i));
                if (!message(one.get()).equals(Integer.toString(i))) {
                    lost++;
                }
            }
        }
    }

    private Resource<GenericKubernetesResource> resource(KubernetesClient client) {
        return client.genericKubernetesResources("core.gardener.cloud/v1beta1", "Shoot")
                .inNamespace(Garden.NAMESPACE)
                .withName(shoot);
    }

    /** What his condition says now. */
    public String message(KubernetesClient client) {
        return message(resource(client).get());
    }

    private void write(KubernetesClient client, Resource<GenericKubernetesResource> one, String message) {
        switch (way) {
            case APPLY -> {
                var apply = new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("gardenlet")
                        .withForce(true)
                        .build();
                one.subresource("status").patch(apply, """
                        {"apiVersion": "core.gardener.cloud/v1beta1", "kind": "Shoot",
                         "metadata": {"name": "%s", "namespace": "%s"},
                         "status": {"conditions": [{"type": "%s", "status": "True", "message": "%s"}]}}
                        """.formatted(shoot, Garden.NAMESPACE, TYPE, message));
            }
            case STRATEGIC_MERGE ->
                one.subresource("status")
                        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), """
                        {"status": {"conditions": [{"type": "%s", "status": "True", "message": "%s"}]}}
                        """.formatted(TYPE, message));
            case UPDATE -> update(client, one, message);
        }
    }

    private static void update(KubernetesClient client, Resource<GenericKubernetesResource> one, String message) {
        while (true) {
            GenericKubernetesResource read = one.get();
            List<Map<String, Object>> conditions = read.get("status", "conditions");
            conditions.stream().filter(c -> TYPE.equals(c.get("type"))).forEach(c -> c.put("message", message));
            try {
                client.resource(read).updateStatus();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT) {
                    throw e;
                }
            }
        }
    }

    private static String message(GenericKubernetesResource shoot) {
        List<Map<String, Object>> conditions = shoot.get("status", "conditions");
        return conditions.stream()
                .filter(c -> TYPE.equals(c.get("type")))
                .map(c -> String.valueOf(c.get("message")))
                .findFirst()
                .orElse("gone");
    }

    public boolean isBusy() {
        return thread.isAlive();
    }

    /** Waits for the last write; how often his own was not there. */
    public int end() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw new AssertionError("the other writer", failure);
        }
        return lost;
    }
}
