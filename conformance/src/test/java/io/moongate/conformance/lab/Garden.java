package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;

/** A cluster that serves Shoots, and the Shoots of a test in it. */
public final class Garden {
    /** By whom Shoots are served, and so how their lists are joined. */
    public enum Served {
        /** Our own: lists are maps. */
        DEFINITIONS,
        DEFINITIONS_WITH_ATOMIC_LISTS,
        /** As Gardener does: lists have a merge key. */
        API_SERVER_OF_ITS_OWN
    }

    public static final String NAMESPACE = "garden-test";

    private final Cluster cluster;

    public Garden(Cluster cluster) throws IOException {
        this(cluster, Served.DEFINITIONS);
    }

    public Garden(Cluster cluster, Served served) throws IOException {
        this.cluster = cluster;
        switch (served) {
            case DEFINITIONS ->
                Lab.run(
                        System.getProperty("launcher"),
                        "crds",
                        "--install",
                        "--kubeconfig",
                        cluster.kubeconfig().toString());
            case DEFINITIONS_WITH_ATOMIC_LISTS ->
                cluster.apply(Lab.run(System.getProperty("launcher"), "crds")
                        .replaceAll("(?m)^ *x-kubernetes-list-(type: \"?map\"?|map-keys:\\n *- \"?type\"?)\\n", ""));
            case API_SERVER_OF_ITS_OWN -> cluster.startGarden();
        }
        cluster.kubectl("create", "namespace", NAMESPACE);
    }

    /** Nobody serves Shoots any more. */
    public void away() throws IOException {
        cluster.kubectl("delete", "--wait", "--ignore-not-found", "crd", "shoots.core.gardener.cloud");
        cluster.kubectl("delete", "--ignore-not-found", "apiservice", "v1beta1.core.gardener.cloud");
        await().until(() -> !isServed());
    }

    private boolean isServed() {
        try {
            cluster.kubectl("get", "--raw", "/apis/core.gardener.cloud/v1beta1/shoots");
            return true;
        } catch (IOException notFound) {
            return false;
        }
    }

    /** With a worker, on seed-1, and a field that nobody knows. */
    public void shoot(String name) throws IOException {
        cluster.apply("""
                apiVersion: core.gardener.cloud/v1beta1
                kind: Shoot
                metadata: {name: %s, namespace: %s}
                spec: {seedName: seed-1, provider: {workers: [{name: w}]}, dns: {domain: a.example.org}, unknown: {kept: true}}
                """.formatted(name, NAMESPACE));
        status(name, "shoot--test--" + name);
    }

    public void status(String name, String technicalId) throws IOException {
        patchStatus(name, "{\"technicalID\": \"" + technicalId + "\", \"seedName\": \"seed-1\"}");
    }

    public void patchStatus(String name, String status) throws IOException {
        cluster.kubectl(
                "patch",
                "shoot",
                "-n",
                NAMESPACE,
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": " + status + "}");
    }

    /** As gardenlet does when it has deployed the VPN client; there must be no other constraint. */
    public void declareAsGardenlet(String name, String message) throws IOException {
        cluster.kubectl(
                "patch",
                "shoot",
                "-n",
                NAMESPACE,
                name,
                "--subresource=status",
                "--field-manager=gardenlet",
                "--type=merge",
                "-p",
                """
                {"status": {"constraints": [{"type": "UsesUnifiedHTTPProxyPort", "status": "True",
                 "reason": "ShootUsesUnifiedHTTPProxyPort", "message": "%s",
                 "lastTransitionTime": "2026-01-01T00:00:00Z", "lastUpdateTime": "2026-01-01T00:00:00Z"}]}}
                """.formatted(message));
    }

    /** The status, reason and message of the constraint. */
    public String constraintInFull(String name) throws IOException {
        return find(name, "constraints", "UsesUnifiedHTTPProxyPort", "{.status} {.reason} {.message}");
    }

    /** {@code True ComponentsUseUnifiedPort}, or nothing where there is no condition. */
    public String condition(String name) throws IOException {
        return find(name, "conditions", "ShootUsesUnifiedHTTPProxyPort", "{.status} {.reason}");
    }

    /** {@code True}, or nothing where there is no constraint. */
    public String constraint(String name) throws IOException {
        return find(name, "constraints", "UsesUnifiedHTTPProxyPort", "{.status}");
    }

    private String find(String name, String list, String type, String fields) throws IOException {
        String path = "jsonpath={range .status." + list + "[?(@.type==\"" + type + "\")]}" + fields + "{end}";
        return cluster.kubectl("get", "shoot", "-n", NAMESPACE, name, "-o", path);
    }
}
