package io.moongate.conformance.lab;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.moongate.conformance.lab.Kubelet.State;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node on which pods really run, as processes in the cluster's network: the API server proxy is the real Envoy with
 * its ConfigMap, the probe the real {@code moongate probe}. VPN clients are played: OpenVpnTest has real ones.
 */
public final class RealNode implements Kubelet.Containers {
    private static final int STATUS_PORT = 16910;

    private final Cluster cluster;
    private final Path folder;
    private final Map<String, Process> running = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    public RealNode(Cluster cluster, Path folder) throws IOException {
        this.cluster = cluster;
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public State stateOf(Pod pod) throws IOException, InterruptedException {
        String name = pod.getMetadata().getName();
        if (name.startsWith("moongate-probe")) {
            return probe(pod);
        }
        return name.startsWith("apiserver-proxy") ? proxy(pod) : State.READY;
    }

    private State probe(Pod pod) throws IOException {
        Process process = running.get(uid(pod));
        if (process == null) {
            var command = new ArrayList<>(List.of(System.getProperty("launcher")));
            command.addAll(pod.getSpec().getContainers().getFirst().getArgs());
            running.put(uid(pod), start(pod, command));
            return State.NOT_READY;
        }
        return process.isAlive() ? State.NOT_READY : process.exitValue() == 0 ? State.SUCCEEDED : State.FAILED;
    }

    private State proxy(Pod pod) throws IOException, InterruptedException {
        if (!running.containsKey(uid(pod))) {
            for (Container container : pod.getSpec().getInitContainers()) {
                cluster.inside(container.getCommand().toArray(String[]::new));
            }
            var command =
                    new ArrayList<>(pod.getSpec().getContainers().getFirst().getCommand());
            command.set(0, Envoy.binary().toString());
            command.replaceAll(argument ->
                    argument.startsWith("/srv/") ? configuration(pod).toString() : argument);
            running.put(uid(pod), start(pod, command));
        }
        return isReady() ? State.READY : State.NOT_READY;
    }

    private Path configuration(Pod pod) {
        try {
            String map = pod.getSpec().getVolumes().stream()
                    .filter(v -> v.getConfigMap() != null)
                    .map(v -> v.getConfigMap().getName())
                    .findFirst()
                    .orElseThrow();
            String text = cluster.kubectl(
                    "get", "configmap", "-n", "kube-system", map, "-o", "jsonpath={.data.apiserver-proxy\\.yaml}");
            return Files.writeString(folder.resolve(map + ".yaml"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean isReady() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + cluster.address() + ":" + STATUS_PORT + "/ready"))
                .timeout(Duration.ofSeconds(1))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Process start(Pod pod, List<String> command) throws IOException {
        return cluster.process(folder.resolve(pod.getMetadata().getName() + ".log"), command);
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    @Override
    public void end(Pod pod) {
        Process process = running.remove(uid(pod));
        if (process != null) {
            Cluster.kill(process);
        }
    }

    /** All that still runs. */
    public void endAll() {
        running.values().forEach(Cluster::kill);
        http.shutdownNow();
    }
}
