package io.moongate.conformance.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;

/** The shoots of the story: all kinds that a seed has, as Shoots of the garden with their control planes' objects. */
public final class StoryShoots {
    public static final List<String> PLAIN = List.of("plain1", "plain2", "plain3", "plain4", "plain5");
    public static final List<String> HA = List.of("ha1", "ha2");
    public static final List<String> WITHOUT_DNS = List.of("nodns1", "nodns2");
    public static final List<String> V6 = List.of("v6a", "v6b");
    public static final List<String> WORKERLESS = List.of("less1", "less2");
    public static final List<String> HIBERNATED = List.of("sleep1", "sleep2");
    public static final List<String> LEGACY_ID = List.of("old1", "old2");
    public static final String FAILING = "failing";
    public static final String REAL = "real";
    public static final String LATE = "late";

    private final SeedCluster seed;
    private final Cluster cluster;
    private final Garden garden;
    private final SimulatedShoots simulated;

    public StoryShoots(SeedCluster seed, Cluster cluster, Garden garden, SimulatedShoots simulated) {
        this.seed = seed;
        this.cluster = cluster;
        this.garden = garden;
        this.simulated = simulated;
    }

    public static String technicalId(String name) {
        return LEGACY_ID.contains(name) ? "shoot-" + name : "shoot--test--" + name;
    }

    /** Behind its API server and its VPN servers is a server of the test. */
    public void simulated(String name, int port) throws IOException {
        add(name, simulated.open(technicalId(name)), "api." + name + ".example.org", port, port);
    }

    /** A cluster of its own; its clients dial {@code host}. */
    public void real(Cluster real, String host, int apiServerPort, int vpnPort) throws IOException {
        String kubeconfig = Base64.getEncoder().encodeToString(Files.readAllBytes(real.kubeconfig()));
        add(REAL, kubeconfig, host, apiServerPort, vpnPort);
    }

    private void add(String name, String kubeconfig, String host, int apiServerPort, int vpnPort) throws IOException {
        String id = technicalId(name);
        seed.controlPlane(id, apiServerPort);
        if (!WORKERLESS.contains(name)) {
            seed.vpnServers(id, HA.contains(name), vpnPort);
        }
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: gardener-internal, namespace: %1$s}
                data: {kubeconfig: %2$s}
                ---
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %3$s, namespace: %4$s}
                spec: {seedName: seed-1, %5$s}
                """.formatted(id, kubeconfig, name, Garden.NAMESPACE, spec(name)));
        garden.patchStatus(name, """
                {"technicalID": "%s", "seedName": "seed-1", "hibernated": %s,
                 "advertisedAddresses": [{"name": "internal", "url": "https://%s"}]}
                """.formatted(id, HIBERNATED.contains(name), host));
    }

    private static String spec(String name) {
        String workers = "provider: {workers: [{name: w}]}";
        String dns = "dns: {domain: " + name + ".example.org}";
        if (WORKERLESS.contains(name)) {
            return "provider: {workers: []}, " + dns;
        }
        if (WITHOUT_DNS.contains(name)) {
            return workers + ", dns: {}";
        }
        if (V6.contains(name)) {
            return workers + ", " + dns + ", networking: {ipFamilies: [IPv6]}";
        }
        return HA.contains(name)
                ? workers + ", " + dns + ", controlPlane: {highAvailability: {failureTolerance: {type: node}}}"
                : workers + ", " + dns;
    }
}
