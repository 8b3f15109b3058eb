package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;

/** Somebody else who changes a condition of his own in a Shoot's status, again and again, and looks whether it stays. */
public final class OtherWriter {
    private static final String TYPE = "APIServerAvailable";

    private final Cluster garden;
    private final String shoot;
    private final int times;
    private final Thread thread;
    private volatile int lost;

    public OtherWriter(Cluster garden, String shoot, int times) {
        this.garden = garden;
        this.shoot = shoot;
        this.times = times;
        this.thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
        var config = Config.fromKubeconfig(garden.kubeconfig().toFile());
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            var one = client.genericKubernetesResources("core.gardener.cloud/v1beta1", "Shoot")
                    .inNamespace(Garden.NAMESPACE)
                    .withName(shoot);
            var apply = new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("gardenlet")
                    .withForce(true)
                    .build();
            for (int i = 0; i < times; i++) {
                one.subresource("status").patch(apply, """
                        {"apiVersion": "core.gardener.cloud/v1beta1", "kind": "Shoot",
                         "metadata": {"name": "%s", "namespace": "%s"},
                         "status": {"conditions": [{"type": "%s", "status": "True", "message": "%d"}]}}
                        """.formatted(shoot, Garden.NAMESPACE, TYPE, i));
                if (!message(one.get()).equals(Integer.toString(i))) {
                    lost++;
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

    /** Waits for the last write; how often his own was not there. */
    public int end() throws InterruptedException {
        thread.join();
        return lost;
    }
}
