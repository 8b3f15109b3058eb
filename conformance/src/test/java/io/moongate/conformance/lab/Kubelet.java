package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for scheduler and kubelet: gives pods a node, says how they are, and ends them. What a pod does is asked of
 * the test; all else about workloads is done by the real controllers.
 */
public final class Kubelet implements AutoCloseable {
    private static final long PAUSE_NANOS = 100_000_000;

    private final KubernetesClient client;
    private final Containers containers;
    private final Thread thread;
    private final Map<String, State> told = new HashMap<>();
    private volatile boolean over;

    /** How a pod is. */
    public enum State {
        READY("Running", "True"),
        NOT_READY("Running", "False"),
        SUCCEEDED("Succeeded", "False"),
        FAILED("Failed", "False"),
        /** As if its image could not be pulled. */
        PENDING("Pending", "False");

        private final String phase;
        private final String ready;

        State(String phase, String ready) {
            this.phase = phase;
            this.ready = ready;
        }
    }

    /** What runs in pods. */
    public interface Containers {
        /** Asked again and again while the pod is there. */
        State stateOf(Pod pod) throws Exception;

        /** The pod is to end. */
        default void end(Pod pod) throws Exception {}
    }

    public Kubelet(Cluster cluster, Containers containers) {
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
        this.containers = containers;
        this.thread = Thread.ofPlatform().name("kubelet").start(this::run);
    }

    private void run() {
        while (!over) {
            try {
                for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
                    handle(pod);
                }
            } catch (KubernetesClientException away) {
                // A pod that went meanwhile, or an API server that is restarted by the test: at the next look.
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void handle(Pod pod) throws Exception {
        String uid = pod.getMetadata().getUid();
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            containers.end(pod);
            told.remove(uid);
            client.pods().resource(pod).withGracePeriod(0).delete();
        } else if (pod.getSpec().getNodeName() == null) {
            bind(pod);
        } else if (told.get(uid) != State.SUCCEEDED && told.get(uid) != State.FAILED) {
            State state = containers.stateOf(pod);
            if (told.put(uid, state) != state) {
                tell(pod, state);
            }
        }
    }

    private void bind(Pod pod) {
        var binding = new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(nodeFor(pod))
                .endTarget()
                .build();
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(binding)
                .create();
    }

    /** A DaemonSet's pod names its node. */
    private String nodeFor(Pod pod) {
        var affinity = pod.getSpec().getAffinity();
        if (affinity != null && affinity.getNodeAffinity() != null) {
            List<NodeSelectorTerm> terms = affinity.getNodeAffinity()
                    .getRequiredDuringSchedulingIgnoredDuringExecution()
                    .getNodeSelectorTerms();
            return terms.getFirst().getMatchFields().getFirst().getValues().getFirst();
        }
        return client.nodes().list().getItems().getFirst().getMetadata().getName();
    }

    private void tell(Pod pod, State state) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        client.pods().resource(pod).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"phase": "%s", "conditions": [{"type": "Ready", "status": "%s", "lastTransitionTime": "%s"}]}}
                        """.formatted(
                        state.phase, state.ready, now));
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
        client.close();
    }
}
