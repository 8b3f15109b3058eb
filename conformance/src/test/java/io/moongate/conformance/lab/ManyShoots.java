package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** So many shoots in a garden that is the seed, too: Shoot, namespace, Service, kubeconfig each. */
public final class ManyShoots implements AutoCloseable {
    private static final int AT_ONCE = 24;

    private final KubernetesClient client;
    private final String kubeconfig;

    public ManyShoots(Cluster cluster, String kubeconfig) {
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
        this.kubeconfig = kubeconfig;
    }

    public KubernetesClient client() {
        return client;
    }

    public void create(int count) throws InterruptedException {
        var places = new Semaphore(AT_ONCE);
        var failure = new AtomicReference<RuntimeException>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count && failure.get() == null; i++) {
                places.acquire();
                int number = i;
                threads.execute(() -> {
                    try {
                        create("n" + number, "shoot--test--n" + number);
                    } catch (RuntimeException e) {
                        failure.set(e);
                    } finally {
                        places.release();
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void create(String name, String id) {
        apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n".formatted(id));
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: kube-apiserver, namespace: %s}
                spec: {ports: [{name: kube-apiserver, port: 443}]}
                """.formatted(id));
        apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: %s}
                data: {kubeconfig: %s}
                """.formatted(id, kubeconfig));
        apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %s, namespace: %s}
                spec: {seedName: seed-1, provider: {workers: [{name: w}]}, dns: {domain: a.example.org}}
                """.formatted(name, Garden.NAMESPACE));
        shoot(name).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"technicalID": "%s", "seedName": "seed-1",
                         "advertisedAddresses": [{"name": "internal", "url": "https://api.%s.example.org"}]}}
                        """.formatted(id, name));
    }

    private void apply(String manifest) {
        client.resource(manifest).create();
    }

    private io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> shoot(String name) {
        return client.genericKubernetesResources("core.gardener.cloud/v1beta1", "Shoot")
                .inNamespace(Garden.NAMESPACE)
                .withName(name);
    }

    /** Gives it other VPN servers: its routes change. */
    public void highlyAvailable(String name, boolean yes) {
        shoot(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"alpha.control-plane.shoot.gardener.cloud/high-availability-vpn\": \""
                                + yes + "\"}}}");
    }

    @Override
    public void close() {
        client.close();
    }
}
