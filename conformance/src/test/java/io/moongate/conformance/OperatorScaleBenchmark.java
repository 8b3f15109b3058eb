package io.moongate.conformance;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.moongate.conformance.lab.Cluster;
import io.moongate.conformance.lab.Garden;
import io.moongate.conformance.lab.IstioSeed;
import io.moongate.conformance.lab.Lab;
import io.moongate.conformance.lab.ManyShoots;
import io.moongate.conformance.lab.OperatorProcess;
import io.moongate.conformance.lab.StaticShoot;
import io.moongate.model.config.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an operator costs that looks after so many shoots: run by {@code ./benchmark operator}, no part of the tests.
 * Real etcd and API server; the shoots' own API servers are one that always gives the same answers.
 */
class OperatorScaleBenchmark {
    private static final int CHANGES = 100;
    private static final String TRUE = "moongate_operator_shoots{reason=\"ComponentsUseUnifiedPort\"}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"500, Istio, 256", "500, Gateway, 256", "10000, Istio, 768", "10000, Gateway, 768"})
    @Timeout(1800)
    void operatorAtScale(int count, Target target, int heapMegabytes) throws Exception {
        try (var cluster = new Cluster(folder.resolve("seed"));
                var shoot = new StaticShoot();
                var shoots = new ManyShoots(cluster, shoot.kubeconfig());
                var unified = listen(cluster.outsideAddress(), 8443);
                var legacy = listen(cluster.outsideAddress(), 8132);
                var operator = new OperatorProcess(folder.resolve("operator"), cluster)) {
            new Garden(cluster);
            if (target == Target.Istio) {
                ingress(cluster);
            }
            long start = System.nanoTime();
            shoots.create(count);
            report(count, target, "made in the lab", seconds(start) + " s");
            operator.configure(true, "target: " + target + "\nownership: {seed: Manage}\n");
            operator.javaOptions("-Xmx" + heapMegabytes + "m");
            start = System.nanoTime();
            operator.start();
            report(count, target, "first sync (ready, with -Xmx" + heapMegabytes + "m)", seconds(start) + " s");
            await().atMost(Duration.ofMinutes(20))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> operator.admin().metric(TRUE) == count);
            report(count, target, "all shoots looked at, conditions written", seconds(start) + " s");
            changes(count, target, shoots);
            idle(count, target, cluster, shoot);
            Lab.run(jcmd(), Long.toString(operator.pid()), "GC.run");
            report(count, target, "heap after GC", heap(operator.pid()) + " MiB");
            report(count, target, "resident", resident(operator.pid()) + " MiB");
        }
    }

    private static void report(int count, Target target, String what, String figure) {
        System.out.println("MEASURED operator, " + count + " shoots, target " + target + ": " + what + " " + figure);
    }

    /** From a Shoot's change to the object that carries it to the gateways, as a watch tells. */
    private static void changes(int count, Target target, ManyShoots shoots) throws InterruptedException {
        BlockingQueue<Change> events = new LinkedBlockingQueue<>();
        var kind = target == Target.Istio
                ? shoots.client()
                        .genericKubernetesResources("networking.istio.io/v1alpha3", "EnvoyFilter")
                        .inNamespace(IstioSeed.INGRESS)
                        .withLabel("app.kubernetes.io/managed-by", "moongate")
                : shoots.client()
                        .genericKubernetesResources("v1", "ConfigMap")
                        .inNamespace("default")
                        .withLabel("moongate.io/feed", "seed-1");
        var millis = new ArrayList<Long>();
        try (var watch = kind.watch(new Watcher<GenericKubernetesResource>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource object) {
                if (action == Action.MODIFIED || action == Action.ADDED) {
                    events.add(new Change(System.nanoTime(), object));
                }
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            // What a watch tells at its beginning is no change.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            for (int i = 0; i < CHANGES; i++) {
                events.clear();
                String name = "n" + (i * 7 % count);
                boolean ha = i / count % 2 == 0;
                long start = System.nanoTime();
                shoots.highlyAvailable(name, ha);
                long seen = start;
                for (int object = 0; object < (target == Target.Istio ? 2 : 1); object++) {
                    Change change;
                    do {
                        change = events.poll(30, TimeUnit.SECONDS);
                        if (change == null) {
                            throw new AssertionError("change " + i + " did not arrive");
                        }
                    } while (target == Target.Istio && !change.carries("shoot--test--" + name, ha));
                    seen = change.nanos();
                }
                millis.add((seen - start) / 1_000_000);
            }
        }
        Collections.sort(millis);
        report(
                count,
                target,
                "change to applied, " + CHANGES + " changes",
                "p50 " + millis.get(CHANGES / 2) + " ms, p99 " + millis.get(CHANGES * 99 / 100) + " ms");
    }

    /** A write that the watch told of, and when. */
    private record Change(long nanos, GenericKubernetesResource object) {
        /** Whether it is the filter with this shoot's routes, as they are now to be: two of them for each change. */
        private boolean carries(String technicalId, boolean highlyAvailable) {
            String text = object.getAdditionalProperties().toString();
            return text.contains("kube-apiserver." + technicalId + ".svc")
                    && text.contains("vpn-seed-server-0." + technicalId + ".svc") == highlyAvailable;
        }
    }

    private static void idle(int count, Target target, Cluster cluster, StaticShoot shoot) throws Exception {
        Thread.sleep(Duration.ofSeconds(20));
        long reads = requests(cluster, false);
        long writes = requests(cluster, true);
        long looks = shoot.requests();
        Thread.sleep(Duration.ofSeconds(60));
        report(
                count,
                target,
                "idle, a minute",
                (requests(cluster, false) - reads) + " reads of garden and seed, " + (requests(cluster, true) - writes)
                        + " writes, " + (shoot.requests() - looks) + " requests to shoots");
    }

    /** Without Leases, and without what the API server asks itself. */
    private static long requests(Cluster cluster, boolean writes) throws IOException {
        return cluster.kubectl("get", "--raw", "/metrics")
                .lines()
                .filter(l -> l.startsWith("apiserver_request_total{"))
                .filter(l -> List.of(
                                "shoots",
                                "seeds",
                                "secrets",
                                "services",
                                "endpointslices",
                                "configmaps",
                                "envoyfilters",
                                "gateways",
                                "destinationrules",
                                "events",
                                "customresourcedefinitions")
                        .stream()
                        .anyMatch(kind -> l.contains("resource=\"" + kind + "\"")))
                .filter(l -> List.of("POST", "PUT", "PATCH", "APPLY", "DELETE").stream()
                                .anyMatch(verb -> l.contains("verb=\"" + verb + "\""))
                        == writes)
                .mapToLong(l -> (long) Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void ingress(Cluster cluster) throws IOException {
        cluster.kubectl(
                "apply",
                "--server-side",
                "-f",
                Cluster.server("istio-crds.yaml").toString());
        cluster.kubectl("create", "namespace", IstioSeed.INGRESS);
        cluster.apply(IstioSeed.ingressService() + IstioSeed.endpoint(cluster.outside()));
    }

    private static ServerSocket listen(InetAddress address, int port) throws IOException {
        return new ServerSocket(port, 1000, address);
    }

    private static String seconds(long start) {
        return "%.1f".formatted((System.nanoTime() - start) / 1e9);
    }

    private static String jcmd() {
        return Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    }

    private static long heap(long pid) throws IOException {
        String info = Lab.run(jcmd(), Long.toString(pid), "GC.heap_info");
        var used = java.util.regex.Pattern.compile("used (\\d+)K").matcher(info);
        return used.find() ? Long.parseLong(used.group(1)) / 1024 : -1;
    }

    private static long resident(long pid) throws IOException {
        return java.nio.file.Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }
}
