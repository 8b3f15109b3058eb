package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pod of an ingress gateway's Deployment: an Envoy with an address of its own, in a network namespace behind the
 * cluster's, and the pod's object, from which istiod takes its labels.
 */
public final class IngressPod extends SeedCluster implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int number = COUNT.incrementAndGet();
    private final String network = "mg" + ProcessHandle.current().pid() % 100_000 + "p" + number;
    private final String subnet = "10.97." + ProcessHandle.current().pid() % 250 + ".";
    private final String name;
    private final String labels;
    private final Process envoy;

    /** @param revision the label {@code pod-template-hash} */
    public IngressPod(Cluster cluster, Path folder, String revision) throws IOException {
        super(cluster);
        this.name = "istio-ingressgateway-" + revision + "-bcdf" + (number % 6 + 4);
        this.labels = "app: istio-ingressgateway, istio: ingressgateway, pod-template-hash: " + revision;
        Lab.run("ip", "netns", "add", network);
        cluster.inside("ip", "link", "add", "p" + number, "type", "veth", "peer", "name", "v0", "netns", network);
        cluster.inside("ip", "addr", "add", router() + "/30", "dev", "p" + number);
        cluster.inside("ip", "link", "set", "p" + number, "up");
        cluster.inside("sysctl", "-qw", "net.ipv4.ip_forward=1");
        Lab.run("ip", "-n", network, "addr", "add", host() + "/30", "dev", "v0");
        Lab.run("ip", "-n", network, "link", "set", "v0", "up");
        Lab.run("ip", "-n", network, "link", "set", "lo", "up");
        Lab.run("ip", "-n", network, "route", "add", "default", "via", router());
        Lab.run("ip", "route", "add", host() + "/32", "via", cluster.address());
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {%s}}
                spec: {containers: [{name: istio-proxy, image: istio}]}
                """.formatted(name, IstioSeed.INGRESS, labels));
        cluster.kubectl(
                "patch",
                "pod",
                "-n",
                IstioSeed.INGRESS,
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"phase\": \"Running\", \"podIP\": \"%1$s\", \"podIPs\": [{\"ip\": \"%1$s\"}]}}"
                        .formatted(host()));
        Path log = Files.createDirectories(folder).resolve(name + ".log");
        this.envoy = Cluster.process(network, log, cluster.ingressGateway(host(), name, IstioSeed.INGRESS, labels));
    }

    /** As an item of an EndpointSlice. */
    public String endpoint(boolean ready, boolean terminating) {
        return "{addresses: [\"%s\"], conditions: {ready: %s, serving: %s, terminating: %s}, targetRef: {kind: Pod, name: %s, namespace: %s}}"
                .formatted(host(), ready, ready, terminating, name, IstioSeed.INGRESS);
    }

    @Override
    protected String host() {
        return subnet + (4 * number + 2);
    }

    private String router() {
        return subnet + (4 * number + 1);
    }

    @Override
    public void close() throws IOException {
        Cluster.kill(envoy);
        Lab.run("ip", "route", "del", host() + "/32");
        Lab.run("ip", "netns", "del", network);
        cluster.kubectl("delete", "pod", "-n", IstioSeed.INGRESS, name, "--grace-period=0", "--force");
    }
}
