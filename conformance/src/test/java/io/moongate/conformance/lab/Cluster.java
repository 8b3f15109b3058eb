package io.moongate.conformance.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A seed: real etcd, kube-apiserver and, where asked for, istiod and Envoys as ingress gateways, in a network namespace
 * of its own that only this test reaches.
 */
public final class Cluster implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String TOKEN = "lab";
    private static final String ETCD = "http://127.0.0.1:2379";

    private final Path folder;
    private final int number = COUNT.incrementAndGet();
    private final String namespace = "mg" + ProcessHandle.current().pid() % 100_000 + "k" + number;
    private final String link = "mgk" + ProcessHandle.current().pid() % 100_000 + "-" + number;
    private final String subnet = "10.98." + ProcessHandle.current().pid() % 250 + ".";
    private final Map<String, List<String>> commands = new HashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    /**
     * API server and etcd are up when this returns.
     *
     * @param options more of the API server's command line
     */
    public Cluster(Path folder, String... options) throws IOException {
        this.folder = Files.createDirectories(folder);
        Lab.run("ip", "netns", "add", namespace);
        Lab.run("ip", "link", "add", link, "type", "veth", "peer", "name", "v0", "netns", namespace);
        Lab.run("ip", "addr", "add", outside() + "/30", "dev", link);
        Lab.run("ip", "link", "set", link, "up");
        Lab.run("ip", "-n", namespace, "addr", "add", address() + "/30", "dev", "v0");
        Lab.run("ip", "-n", namespace, "link", "set", "v0", "up");
        Lab.run("ip", "-n", namespace, "link", "set", "lo", "up");
        try {
            startApiServer(options);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Of everything that runs here. */
    public String address() {
        return subnet + (4 * number + 2);
    }

    /** Of the test itself, as seen from here: loopback addresses are no endpoints for Kubernetes. */
    public String outside() {
        return subnet + (4 * number + 1);
    }

    public InetAddress outsideAddress() {
        return InetAddress.ofLiteral(outside());
    }

    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    private void startApiServer(String... options) throws IOException {
        Path keys = folder.resolve("service-accounts.key");
        Lab.run("openssl", "genrsa", "-out", keys.toString(), "2048");
        Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",lab,lab,system:masters\n");
        start(
                "etcd",
                "--data-dir",
                folder.resolve("etcd").toString(),
                "--listen-client-urls",
                ETCD,
                "--advertise-client-urls",
                ETCD,
                "--listen-peer-urls",
                "http://127.0.0.1:2380",
                "--unsafe-no-fsync");
        var arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(
                "--etcd-servers=" + ETCD,
                "--bind-address=" + address(),
                "--advertise-address=" + address(),
                "--cert-dir=" + folder.resolve("certs"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + keys,
                "--service-account-signing-key-file=" + keys,
                "--authorization-mode=RBAC",
                "--allow-privileged=true",
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--enable-aggregator-routing=true"));
        start("kube-apiserver", arguments.toArray(String[]::new));
        Files.writeString(kubeconfig(), """
                apiVersion: v1
                kind: Config
                clusters: [{name: lab, cluster: {server: "https://%s:6443", insecure-skip-tls-verify: true}}]
                users: [{name: lab, user: {token: %s}}]
                contexts: [{name: lab, context: {cluster: lab, user: lab}}]
                current-context: lab
                """.formatted(address(), TOKEN));
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> kubectl("get", "--raw", "/readyz").equals("ok"));
    }

    /** Shoots and Seeds from an API server of their own behind this one, as a Gardener serves them: no definitions. */
    public void startGarden() throws IOException {
        start(
                "garden-apiserver",
                address(),
                "6444",
                folder.resolve("garden-certs").toString(),
                ETCD);
        apply("""
                {apiVersion: v1, kind: Namespace, metadata: {name: garden}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: api, namespace: garden}, spec: {ports: [{port: 443, targetPort: 6444}]}}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: api, namespace: garden, labels: {kubernetes.io/service-name: api}}
                addressType: IPv4
                ports: [{port: 6444}]
                endpoints: [{addresses: [%s]}]
                ---
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: v1beta1.core.gardener.cloud}
                spec:
                  group: core.gardener.cloud
                  version: v1beta1
                  groupPriorityMinimum: 1000
                  versionPriority: 10
                  insecureSkipTLSVerify: true
                  service: {name: api, namespace: garden}
                """.formatted(address()));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> kubectl("get", "shoots.core.gardener.cloud", "-A", "-o", "name")
                        .isEmpty());
    }

    /** The real controllers behind Deployments, StatefulSets, DaemonSets and Jobs. */
    public void startControllers() throws IOException {
        start(
                "kube-controller-manager",
                "--kubeconfig=" + kubeconfig(),
                "--authentication-kubeconfig=" + kubeconfig(),
                "--authorization-kubeconfig=" + kubeconfig(),
                "--bind-address=127.0.0.1",
                "--leader-elect=false",
                "--cert-dir=" + folder.resolve("controller-certs"),
                "--controllers=deployment-controller,replicaset-controller,statefulset-controller,daemonset-controller,"
                        + "job-controller,garbage-collector-controller,serviceaccount-controller,namespace-controller");
    }

    /** A node that is Ready, without the taint that a node without a kubelet has. */
    public void node(String name) throws IOException {
        apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(name));
        nodeReady(name, true);
        kubectl("patch", "node", name, "--type=merge", "-p", "{\"spec\": {\"taints\": []}}");
    }

    public void nodeReady(String name, boolean ready) throws IOException {
        kubectl(
                "patch",
                "node",
                name,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"%s\", \"reason\": \"x\"}]}}"
                        .formatted(ready ? "True" : "False"));
    }

    public String kubectl(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                server("kubectl").toString(), "--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        return Lab.run(command.toArray(String[]::new));
    }

    /** As a person does: {@code kubectl apply}, server-side. */
    public void apply(String manifests) throws IOException {
        applyAs("lab", manifests);
    }

    /** As another controller does: what others say of the same fields is overruled. */
    public void applyAs(String manager, String manifests) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "apply", ".yaml"), manifests);
        kubectl("apply", "--server-side", "--force-conflicts", "--field-manager=" + manager, "-f", file.toString());
    }

    /** Real istiod; serves configuration to Envoys without transport security, which a lab does not need. */
    public void startIstio() throws IOException {
        kubectl("apply", "--server-side", "-f", server("istio-crds.yaml").toString());
        kubectl("create", "namespace", "istio-system");
        Path mesh = Files.writeString(
                folder.resolve("mesh.yaml"), "enableAutoMtls: false\ndefaultProviders: {metrics: []}\n");
        startWith(
                "istiod",
                List.of(
                        "env",
                        "PILOT_ENABLE_METADATA_EXCHANGE=false",
                        "PILOT_ENABLE_ALPN_FILTER=false",
                        "ENABLE_CA_SERVER=false",
                        "POD_NAMESPACE=istio-system",
                        server("pilot-discovery").toString(),
                        "discovery",
                        "--kubeconfig",
                        kubeconfig().toString(),
                        "--meshConfig",
                        mesh.toString(),
                        "--grpcAddr",
                        address() + ":15010",
                        "--httpAddr",
                        address() + ":15014",
                        "--httpsAddr",
                        "",
                        "--secureGRPCAddr",
                        "",
                        "--monitoringAddr",
                        ""));
        await().atMost(Duration.ofSeconds(60)).until(() -> log("istiod").contains("starting gRPC discovery service"));
    }

    /** An Envoy that istiod takes for a pod of this ingress gateway; its admin endpoint is on port 15000. */
    public void startIngressGateway(String gatewayNamespace, String labels) throws IOException {
        startWith("envoy", ingressGateway(address(), "gateway-1", gatewayNamespace, labels));
    }

    /** The command of such an Envoy, to be run where this address is. */
    List<String> ingressGateway(String at, String pod, String gatewayNamespace, String labels) throws IOException {
        Path bootstrap = Files.writeString(
                folder.resolve(pod + ".yaml"), """
                node:
                  id: router~%1$s~%4$s.%2$s~%2$s.svc.cluster.local
                  cluster: istio-ingressgateway
                  metadata: {LABELS: {%3$s}, NAMESPACE: %2$s, ISTIO_VERSION: 1.31.0}
                admin: {address: {socket_address: {address: %1$s, port_value: 15000}}}
                layered_runtime: {layers: [{name: static, static_layer: {re2.max_program_size.error_level: 32768}}]}
                dynamic_resources:
                  ads_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: istiod}}]}
                  cds_config: {ads: {}, resource_api_version: V3}
                  lds_config: {ads: {}, resource_api_version: V3}
                static_resources:
                  clusters:
                  - name: istiod
                    type: STATIC
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment: {cluster_name: istiod, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: %5$s, port_value: 15010}}}}]}]}
                """.formatted(at, gatewayNamespace, labels, pod, address()));
        return List.of(
                Envoy.binary().toString(),
                "-c",
                bootstrap.toString(),
                "--concurrency",
                "1",
                // As Istio's agent starts it, only sooner: what drains is cut soon, and a test sees it.
                "--drain-time-s",
                "3",
                "--drain-strategy",
                "immediate",
                "--use-dynamic-base-id");
    }

    /** Lets etcd forget all but what is now: no watch goes on from before. */
    public void compact() throws IOException {
        String now = etcd("/v3/kv/range", "{\"key\": \"AA==\"}").replaceAll(".*\"revision\":\"(\\d+)\".*", "$1");
        etcd("/v3/kv/compaction", "{\"revision\": \"" + now + "\"}");
    }

    private String etcd(String path, String request) throws IOException {
        return inside("curl", "-sSf", ETCD + path, "-d", request).strip();
    }

    /** A process of the test's, in this cluster's network. */
    public void startInside(String name, String... command) throws IOException {
        startWith(name, List.of(command));
    }

    /** Runs a command in this cluster's network to its end. */
    public String inside(String... command) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return Lab.run(all.toArray(String[]::new));
    }

    /** A kubeconfig that can do what the ServiceAccount may, and nothing else. */
    public Path kubeconfigOf(String serviceAccountNamespace, String serviceAccount) throws IOException {
        String token = kubectl("create", "token", "-n", serviceAccountNamespace, serviceAccount, "--duration=4h");
        String text =
                Files.readString(kubeconfig()).replace("{token: " + TOKEN + "}", "{token: " + token.strip() + "}");
        return Files.writeString(folder.resolve(serviceAccount + ".kubeconfig"), text);
    }

    private void start(String name, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(server(name).toString());
        command.addAll(List.of(arguments));
        startWith(name, command);
    }

    private void startWith(String name, List<String> command) throws IOException {
        commands.put(name, command);
        resume(name);
    }

    /** Starts again what was stopped, as it was. */
    public void resume(String name) throws IOException {
        processes.put(name, process(folder.resolve(name + ".log"), commands.get(name)));
    }

    /** For whoever ends it himself, with {@link #kill}. */
    Process process(Path log, List<String> command) throws IOException {
        return process(namespace, log, command);
    }

    static Process process(String namespace, Path log, List<String> command) throws IOException {
        // A shell as the parent: see Envoy.start.
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "sh", "-c", "\"$@\" & wait $!", "sh"));
        all.addAll(command);
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** At once, as a crash would: an API server that is asked to end waits for an etcd that has ended before it. */
    public void stop(String name) {
        Process process = processes.remove(name);
        if (process == null) {
            return;
        }
        kill(process);
    }

    static void kill(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        started.forEach(handle -> handle.onExit().join());
    }

    public String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    public static Path server(String name) {
        Path path = Path.of(System.getProperty("servers.folder")).resolve(name);
        if (!Files.exists(path)) {
            throw new AssertionError("no " + name + "; ./verify builds it");
        }
        return path;
    }

    @Override
    public void close() throws IOException {
        List.copyOf(processes.keySet()).reversed().forEach(this::stop);
        Lab.run("ip", "netns", "del", namespace);
    }
}
